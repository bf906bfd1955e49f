import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { installOnce, testCache } from '../support/install-once';

const run = promisify(execFile);
const here = path.join(process.cwd(), 'tests', 'crosscheck');

/**
 * A Python with the pinned reference packages, in a virtual environment of the user's cache named after the
 * requirements, so that it is made once per machine and again when they change.
 *
 * @param list the packages: a file of this folder
 * @returns the interpreter's path
 * @throws Error if there is no python3 (3.11 or later) or the packages cannot be installed
 */
export async function preparePython(list = 'requirements.txt'): Promise<string> {
  const requirements = path.join(here, list);
  const { stdout } = await run('python3', ['-c', 'import sys; print(*sys.version_info[:2])']);
  const digest = createHash('sha256')
    .update(stdout)
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const home = path.join(testCache(), `crosscheck-${digest}`);
  const python = path.join(home, 'bin', 'python');
  await installOnce(home, async () => {
    await run('python3', ['-m', 'venv', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      maxBuffer: 16 * 1024 * 1024,
    });
  });
  return python;
}

/**
 * Runs one of the scripts of this folder with JSON on its standard input and reads JSON from its standard output.
 *
 * @param python from `preparePython`
 * @param script a file name in tests/crosscheck
 */
export async function runReference(python: string, script: string, input: unknown): Promise<unknown> {
  const child = run(python, [path.join(here, script)], {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PYTHONHASHSEED: '0' },
  });
  child.child.stdin?.end(JSON.stringify(input));
  return JSON.parse((await child).stdout);
}
