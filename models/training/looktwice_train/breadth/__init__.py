"""Training pictures of many domains, exported from public repositories (`fetch-data`)."""
