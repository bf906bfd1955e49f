/** Wrong usage of a command: ends with exit code 2. Its message is one sentence that says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
