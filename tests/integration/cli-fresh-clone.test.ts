import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const repository = join(__dirname, '../..');
/** What a clone has of the program; `generated` and dist/ are made by the first command. */
const SOURCES = [
  'bin',
  'lib',
  'prisma',
  'scripts',
  'package.json',
  'package-lock.json',
  'prisma.config.ts',
  'tsconfig.json',
];

describe('the command line', () => {
  it('works as the first command on a clone: it makes the Prisma client and compiles itself', async () => {
    const clone = await mkdtemp(join(tmpdir(), 'looktwice-clone-'));
    try {
      for (const name of SOURCES) {
        const filter = (path: string) => basename(path) !== 'generated';
        await cp(join(repository, name), join(clone, name), { recursive: true, filter });
      }
      await symlink(join(repository, 'node_modules'), join(clone, 'node_modules'));
      const { stdout } = await promisify(execFile)(process.execPath, ['bin/looktwice.mjs', '--help'], { cwd: clone });
      expect(stdout).toContain('ask');
    } finally {
      await rm(clone, { recursive: true });
    }
  }, 120_000);
});
