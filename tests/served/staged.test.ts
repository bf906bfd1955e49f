import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { makePng } from '../support/images';
import { codeOf, newData, removeServed, send, startServed } from '../support/served';

jest.setTimeout(600_000);
// Copying a gigabyte is for the full run.
const inFull = process.env.LOOKTWICE_FULL_TESTS ? it : it.skip;
const run = promisify(execFile);
const bundle = readFileSync(join(__dirname, '../../models/mini/manifest.json'), 'utf8');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(bundle));
/** Nobody: owns nothing of what is staged. */
const NOBODY = 65_534;

inFull(
  'what is staged serves as another user, from a folder that nobody may write, without packages of building',
  async () => {
    const parent = mkdtempSync(join(tmpdir(), 'looktwice-staged-'));
    const folder = join(parent, 'looktwice');
    await run(process.execPath, ['deploy/stage.mjs', folder]);
    await run('chmod', ['-R', 'a-w,a+rX', parent]);
    expect(
      ['typescript', 'jest', 'prisma', 'eslint'].filter((name) => existsSync(join(folder, 'node_modules', name))),
    ).toEqual([]);
    const data = newData();
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      chownSync(data, NOBODY, NOBODY);
    }
    const served = await startServed({ folder, data, until: 'ready', ...(isRoot ? { uid: NOBODY } : {}) });
    try {
      const image = await send(served.url, '/api/images', { method: 'POST', body: await makePng(1, 200, 150) });
      expect([image.status, codeOf(image)]).toEqual([200, undefined]);
      for (const path of ['/', '/api/conversations', '/api/openapi.json']) {
        expect([path, (await send(served.url, path)).status]).toEqual([path, 200]);
      }
      const again = await run(process.execPath, ['bin/looktwice.mjs', 'bundle', 'verify'], { cwd: folder });
      expect(again.stdout).toContain(version);
    } finally {
      await removeServed(served);
      await run('chmod', ['-R', 'u+w', parent]);
      rmSync(parent, { recursive: true, force: true });
    }
  },
);

it('a folder that holds something is not staged into', async () => {
  await expect(run(process.execPath, ['deploy/stage.mjs', 'deploy'])).rejects.toThrow(
    'is not empty: name a new folder',
  );
});
