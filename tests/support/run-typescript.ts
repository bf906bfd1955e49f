import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a TypeScript file in a process of its own. @throws when it ends with another code than 0 */
export function runTypeScript(file: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...args], { maxBuffer: 1e8 });
}
