import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { collectExamples } from '@/lib/evaluation/examples';
import { EVALUATION_DEFAULTS, type EvaluationOptions } from '@/lib/evaluation/options';
import { renderHtml } from '@/lib/evaluation/report-html';
import { renderMarkdown } from '@/lib/evaluation/report-markdown';
import { type Report, reportSchema } from '@/lib/evaluation/report';
import { type EvaluationRun, runEvaluation } from '@/lib/evaluation/run';
import { contrastDetector } from '../../support/contrast-detector';
import { layFiles, removeFolder } from '../../support/folder-tree';
import { tinyImage, tinyMvtecSet } from '../../support/tiny-set';

const folders: string[] = [];
async function lay(files: Record<string, string | Uint8Array>): Promise<string> {
  const root = await layFiles(files);
  folders.push(root);
  return root;
}

afterAll(async () => {
  await Promise.all(folders.map(removeFolder));
});

type Run = Omit<Partial<EvaluationRun>, 'options'> & { options?: Partial<EvaluationOptions> };

async function evaluate(root: string, { options, ...run }: Run = {}): Promise<Report> {
  const evaluation = await runEvaluation({
    listing: await readDataset(root),
    published: null,
    detector: contrastDetector(),
    storeDirectory: path.join(await lay({ 'store/empty.txt': '' }), 'store'),
    ...run,
    options: { ...EVALUATION_DEFAULTS, pixelSize: 32, resamples: 100, ...options },
  });
  await evaluation.store.discard();
  return evaluation.report;
}

const lasting = ({ run: _run, dataset: _dataset, ...rest }: Report) => rest;

describe('runEvaluation', () => {
  let root: string;
  beforeAll(async () => {
    root = await lay(await tinyMvtecSet(['cup', 'lid']));
  });

  it('evaluates categories and their mean, with a valid report', async () => {
    const report = await evaluate(root);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.categories.map(({ category, normal, anomalous }) => [category, normal, anomalous])).toEqual([
      ['cup', 6, 5],
      ['lid', 6, 5],
    ]);
    expect(report.mean.image.auroc).toBe(1);
    expect(report.mean.pixel.auroc).toBeGreaterThan(0.95);
    expect(report.mean.pixel.pro).toBeGreaterThan(0.9);
    expect(report.categories[0]?.pixel?.regions).toBe(5);
    expect(report.images).toHaveLength(22);
    expect(report.problems).toEqual([]);
  });

  it.each([
    ['zero-shot', {}],
    ['few-shot', { mode: 'few-shot', shots: 2 }],
    ['mutual', { mode: 'mutual' }],
    ['limited', { limit: 5 }],
  ] as const)('gives the same report twice, with one thread or three (%s)', async (_, options) => {
    const first = await evaluate(root, { options });
    const second = await evaluate(root, { options, detector: contrastDetector({ concurrency: 3 }) });
    expect(lasting(first)).toEqual(lasting(second));
  });

  it('counts a scratch that is thinner than a cell of the grid (case e01)', async () => {
    const files = await tinyMvtecSet(['cup']);
    const width = 200;
    const mask = new Uint8Array(width * width);
    mask.fill(255, 101 * width + 20, 101 * width + 180);
    files['cup/test/spot/scratch.png'] = (await tinyImage(width, width, 0)).image;
    files['cup/ground_truth/spot/scratch_mask.png'] = await sharp(mask, {
      raw: { width, height: width, channels: 1 },
    })
      .png()
      .toBuffer();
    const report = await evaluate(await lay(files));
    expect(report.problems).toEqual([]);
    expect(report.categories[0]?.pixel?.regions).toBe(6);
  });

  it('draws references from the training images by the seed', async () => {
    const draw = async (seed: number) =>
      (await evaluate(root, { options: { mode: 'few-shot', shots: 2, seed } })).categories[0]?.references;
    const seeds = await Promise.all([1, 2, 3, 4, 5].map(draw));
    expect(seeds.every((references) => references?.length === 2)).toBe(true);
    expect(seeds.flat().every((id) => id?.startsWith('cup/train/good/'))).toBe(true);
    expect(new Set(seeds.map(String)).size).toBeGreaterThan(1);
  });

  it('goes on where an interrupted run stopped, with the same result', async () => {
    const storeDirectory = path.join(await lay({ 'store/empty.txt': '' }), 'store');
    const abort = new AbortController();
    let inspected = 0;
    const detector = contrastDetector({ onInspect: () => (inspected += 1) });
    const interrupted = evaluate(root, {
      detector,
      storeDirectory,
      signal: abort.signal,
      onProgress: ({ done }) => done === 7 && abort.abort(new Error('interrupted')),
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const before = inspected;
    const resumed = await evaluate(root, { detector, storeDirectory });
    expect(before).toBeGreaterThan(0);
    expect(inspected).toBe(22);
    expect(lasting(resumed)).toEqual(lasting(await evaluate(root)));
  });

  it('does not take over results of another mode, seed of references or weights', async () => {
    const storeDirectory = path.join(await lay({ 'store/empty.txt': '' }), 'store');
    const abort = new AbortController();
    const stop = {
      signal: abort.signal,
      onProgress: ({ done }: { done: number }) => done === 3 && abort.abort(new Error('x')),
    };
    await expect(evaluate(root, { storeDirectory, ...stop })).rejects.toThrow('x');
    let inspected = 0;
    const detector = { ...contrastDetector({ onInspect: () => (inspected += 1) }), id: 'contrast@2' };
    await evaluate(root, { storeDirectory, detector });
    expect(inspected).toBe(22);
  });

  it('reports progress up to the total', async () => {
    const seen: string[] = [];
    await evaluate(root, { onProgress: ({ done, total }) => seen.push(`${done}/${total}`) });
    expect(seen.at(-1)).toBe('22/22');
  });
});

describe('bad sets', () => {
  it('names what is wrong and evaluates the rest', async () => {
    const files: Record<string, string | Uint8Array> = await tinyMvtecSet(['cup']);
    const wrongSize = await tinyImage(20, 20, 255, { x: 1, y: 1, side: 3 });
    files['cup/test/good/2.png'] = 'this is no picture';
    files['cup/test/spot/9.png'] = (await tinyImage(40, 30, 255, { x: 2, y: 2, side: 5 })).image;
    files['cup/ground_truth/spot/1_mask.png'] = wrongSize.mask;
    files['cup/ground_truth/spot/2_mask.png'] = (await tinyImage(40, 30, 0)).mask;
    files['cup/ground_truth/spot/3_mask.png'] = 'broken';
    files['cup/test/dent/readme.txt'] = 'no images here';
    files['only/test/good/1.png'] = (await tinyImage(40, 30, 0)).image;
    files['later/train/good/1.png'] = (await tinyImage(40, 30, 0)).image;
    const report = await evaluate(await lay(files));
    expect(report.problems.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'empty_folder cup/test/dent',
      'missing_mask cup/test/spot/9.png',
      'no_test_images later',
      'unreadable_image cup/test/good/2.png',
      'mask_size cup/test/spot/1.png',
      'empty_mask cup/test/spot/2.png',
      'unreadable_mask cup/test/spot/3.png',
      'one_class only',
    ]);
    const [cup, only] = report.categories;
    expect(cup).toMatchObject({ normal: 5, anomalous: 6, pixel: { images: 7, regions: 2 } });
    expect(cup?.image.auroc).toBe(1);
    expect(only).toMatchObject({ image: { auroc: null, intervals: null }, pixel: null });
    expect(report.mean.imageCategories).toBe(1);
  });

  it('takes references from the normal test images of a set without training images', async () => {
    const all = await tinyMvtecSet(['cup']);
    const files = Object.fromEntries(Object.entries(all).filter(([name]) => !name.includes('/train/')));
    const report = await evaluate(await lay(files), { options: { mode: 'few-shot', shots: 3 } });
    expect(report.categories[0]?.normal).toBe(3);
    const tested = new Set(report.images.map(({ id }) => id));
    expect(report.categories[0]?.references.some((id) => tested.has(id))).toBe(false);
    const greedy = await evaluate(await lay(files), { options: { mode: 'few-shot', shots: 16 } });
    expect(greedy.categories[0]).toMatchObject({ normal: 1, references: { length: 5 } });
    expect(greedy.problems.map(({ code }) => code)).toEqual(['too_few_references']);
  });

  it('goes on when the detector fails on one image', async () => {
    const root = await lay(await tinyMvtecSet(['cup']));
    let calls = 0;
    const detector = contrastDetector({
      onInspect: () => {
        calls += 1;
        if (calls === 4) {
          throw new Error('out of luck');
        }
      },
    });
    const report = await evaluate(root, { detector });
    expect(report.problems).toEqual([
      { code: 'inspection_failed', where: 'cup/test/good/3.png', message: 'out of luck' },
    ]);
    expect(report.images).toHaveLength(10);
  });
});

describe('reports', () => {
  it('show quoted rows as quoted and escape outside names', async () => {
    const evil = '<img src=x onerror=alert(1)>|`x`';
    const root = await lay(await tinyMvtecSet([evil]));
    const evaluation = await runEvaluation({
      listing: await readDataset(root),
      published: 'VisA',
      detector: contrastDetector(),
      storeDirectory: path.join(await lay({ 'store/empty.txt': '' }), 'store'),
      options: { ...EVALUATION_DEFAULTS, pixelSize: 32, resamples: 50 },
    });
    const html = renderHtml(
      evaluation.report,
      await collectExamples(evaluation.report, evaluation.store, evaluation.items),
    );
    const markdown = renderMarkdown(evaluation.report);
    await evaluation.store.discard();
    expect(html).not.toContain('<img src=x');
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(html.match(/<figure>/g)?.length).toBe(10);
    expect(html).toContain('ROC over images');
    expect(html).toContain('Per-region overlap');
    for (const text of [html, markdown]) {
      expect(text).toContain('Anomaly-OV');
      expect(text).toContain('quoted: Xu et al.');
      expect(text).toContain('measured here: contrast@1');
    }
    expect(markdown).not.toMatch(/(?<!\\)</);
    // A cell holds the name whole: its bar is escaped.
    expect(markdown).toContain('onerror=alert(1)\\>\\|\\`x\\`');
  });

  it('leaves no partial results behind', async () => {
    const root = await lay(await tinyMvtecSet(['cup']));
    const storeDirectory = path.join(await lay({ 'store/empty.txt': '' }), 'store');
    await evaluate(root, { storeDirectory });
    expect(await readdir(storeDirectory)).toEqual(['empty.txt']);
  });
});
