import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * One line from a person, not shown while it is typed, or from a pipe. An argument would be seen by all processes of
 * the machine.
 */
export async function readSecret(prompt: string): Promise<string> {
  const terminal = process.stdin.isTTY;
  if (terminal) {
    process.stderr.write(prompt);
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  try {
    for await (const line of lines) {
      return line;
    }
    return '';
  } finally {
    lines.close();
    if (terminal) {
      process.stderr.write('\n');
    }
  }
}
