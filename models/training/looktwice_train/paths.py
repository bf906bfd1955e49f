"""Where things live: the cache outside the repository, the shared data sets, the bundle."""
from __future__ import annotations

import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("LOOKTWICE_CACHE", Path.home() / ".cache" / "looktwice"))
DATA = Path(os.environ.get("LOOKTWICE_DATASETS", REPO.parent / "shared" / "data"))
BUNDLE = REPO / "models" / "mini"
LOGS = REPO / "models" / "training" / "logs"
