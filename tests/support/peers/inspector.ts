import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { definePeer } from './cache';

const run = promisify(execFile);
/** What `inspector --cli` runs (Apache-2.0 and MIT), without the inspector's pages. */
const PACKAGE = '@modelcontextprotocol/inspector-cli@1.0.3';

export const inspector = definePeer("The MCP inspector's command line", [PACKAGE], {
  obstacle: () => (spawnSync('npm', ['--version']).status === 0 ? null : 'installing it needs npm'),
  async install(folder) {
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', PACKAGE], { cwd: folder });
  },
});

export type Inspected = { code: number; stdout: string; stderr: string };

/**
 * Runs the inspector once: it connects, calls one method, prints the result as JSON, and ends.
 * @param target an address, or a program that speaks over its standard input and output with its arguments
 * @param env of that program
 */
export function inspect(
  folder: string,
  target: readonly string[],
  method: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Inspected> {
  const build = join(folder, 'node_modules/@modelcontextprotocol/inspector-cli/build');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(build, 'cli.js'), '--cli', ...target, '--method', ...method],
      // It looks for its own package.json from the folder that it is started in.
      { env: { ...process.env, ...env }, cwd: build, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}
