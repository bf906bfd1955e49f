import { execFile } from 'node:child_process';
import { join } from 'node:path';

export type Outcome = { code: number; stdout: string; stderr: string };

/** Runs the command line as a person does, and waits for its end. */
export function runLooktwice(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const program = join(__dirname, '../../bin/looktwice.mjs');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

/** Asserts that a command failed with one clear line and nothing on stdout. */
export function expectOneLineFailure(outcome: Outcome, code: number, message: RegExp): void {
  expect(outcome).toEqual({
    code,
    stdout: '',
    stderr: expect.stringMatching(/^[^\n]+\n$/) as string,
  });
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr).not.toMatch(/\n\s+at /);
}
