import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { database } from '@/lib/database/client';
import { ensureLocalUser } from '@/lib/database/users';
import { projectRoot } from '@/lib/common/paths';
import { DEFAULT_LIMITS, ImageChecker } from '@/lib/vision/checker/client';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { pngBomb } from '../support/malformed';
import { contentsOf, importFolder } from '../support/sets';

const data = useDataDirectory();
const MARK = 'crashes the decoder';
const holder = globalThis as { looktwiceChecker?: ImageChecker };
let scratch = '';

/**
 * The real decoder's process with a small memory limit. No file is known that crashes libvips, so one with a mark ends
 * the process as such a crash would, from within it, before the decoder sees the file.
 */
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-untrusted-'));
  const real = pathToFileURL(join(projectRoot(), 'dist', 'image-checker.mjs')).href;
  const script = `import ${JSON.stringify(real)};
import { readFileSync } from 'node:fs';
process.prependListener('message', ({ path }) => {
  if (readFileSync(path).includes(${JSON.stringify(MARK)})) process.kill(process.pid, 'SIGSEGV');
});`;
  const file = join(scratch, 'checker.mjs');
  await writeFile(file, script);
  holder.looktwiceChecker = new ImageChecker({ ...DEFAULT_LIMITS, memoryBytes: 250e6 }, file);
});
afterAll(async () => {
  holder.looktwiceChecker?.close();
  delete holder.looktwiceChecker;
  await rm(scratch, { recursive: true, force: true });
});

/** 49 megapixels in some kilobytes, which have to be held whole to be decoded. */
async function decompressionBomb(): Promise<Buffer> {
  const create = { width: 7000, height: 7000, channels: 4, background: '#88888880' } as const;
  return sharp({ create }).png({ compressionLevel: 9, progressive: true }).toBuffer();
}

test('images and masks that bloat or crash the decoder are left out with a reason, and the rest is imported', async () => {
  const bomb = await decompressionBomb();
  expect(bomb.length).toBeLessThan(1e6);
  const mask = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
  const crash = Buffer.concat([await makePng(90, 64, 48), Buffer.from(MARK)]);
  const folder = await layFiles({
    'part/train/good/000.png': await makePng(1, 64, 48),
    'part/train/good/001.png': bomb,
    'part/train/good/002.png': crash,
    'part/train/good/003.png': await makePng(2, 64, 48),
    'part/train/good/004.png': pngBomb(60_000, 60_000),
    'part/train/good/005.png': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'part/test/dent/000.png': await makePng(3, 64, 48),
    'part/test/dent/001.png': await makePng(4, 64, 48),
    'part/test/dent/002.png': await makePng(5, 64, 48),
    'part/ground_truth/dent/000_mask.png': mask,
    'part/ground_truth/dent/001_mask.png': bomb,
    'part/ground_truth/dent/002_mask.png': Buffer.concat([mask, Buffer.from(MARK)]),
  });
  try {
    const { datasetId, jobId } = await importFolder(folder, 'mvtec');
    const items = await contentsOf(datasetId);
    expect(items.map(({ path, mask: drawn }) => [path, drawn !== null])).toEqual([
      ['part/test/dent/000.png', true],
      ['part/test/dent/001.png', false],
      ['part/test/dent/002.png', false],
      ['part/train/good/000.png', false],
      ['part/train/good/003.png', false],
    ]);
    const job = await database().importJob.findUniqueOrThrow({ where: { id: jobId } });
    expect(job).toMatchObject({ state: 'done', total: 9, skipped: 4 });
    // An anomalous item whose only mask is left out also has a problem that it is without one.
    const problems = await database().importProblem.findMany({ where: { jobId, code: { not: 'empty_mask' } } });
    const said = Object.fromEntries(problems.map(({ place, code, message }) => [place, `${code} ${message}`]));
    expect(said).toEqual({
      'part/test/dent/000.png': expect.stringMatching(/^large_mask The mask marks 100 % of the image/),
      'part/train/good/001.png': expect.stringMatching(/^unreadable_image Skipped: .*needs too much memory/),
      'part/train/good/002.png': expect.stringMatching(/^unreadable_image Skipped: .*stops the decoder/),
      'part/train/good/004.png': expect.stringMatching(/^unreadable_image Skipped: .*3600 megapixels/),
      'part/train/good/005.png': expect.stringMatching(/^unreadable_image Skipped: SVG drawings are not read/),
      'part/test/dent/001.png': expect.stringMatching(/^unreadable_mask The mask is left out: .*needs too much memory/),
      'part/test/dent/002.png': expect.stringMatching(/^unreadable_mask The mask is left out: .*stops the decoder/),
    });
    // What was refused left nothing behind.
    const files = await readdir(join(data.path(), 'blobs'), { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toHaveLength(items.length);
  } finally {
    await removeFolder(folder);
  }
}, 120_000);
