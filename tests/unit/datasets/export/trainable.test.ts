import path from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { exportCoco } from '@/lib/datasets/export/coco';
import type { ExportItem } from '@/lib/datasets/export/types';
import { exportYolo } from '@/lib/datasets/export/yolo';
import { encodeRle } from '@/lib/segmentation/rle';

const [WIDTH, HEIGHT] = [160, 120];

function makeItem(name: string, change: Partial<ExportItem['fields']> & { box?: ExportItem['parts'][0]['bbox'] } = {}) {
  const { box, ...fields } = change;
  const item: ExportItem = {
    id: name,
    path: name,
    sha256: Buffer.from(name).toString('hex').padEnd(64, '0'),
    width: WIDTH,
    height: HEIGHT,
    fields: {
      label: 'normal',
      category: null,
      split: null,
      defectType: null,
      description: null,
      impact: null,
      suggestion: null,
      exchanges: [],
      ...fields,
    },
    verdict: null,
    score: null,
    judgement: null,
    disagreement: null,
    parts: box === undefined ? [] : [{ label: 'dent', shape: 'box', bbox: box }],
    mask: box === undefined ? null : encodeRle({ width: 2, height: 2, data: new Uint8Array(4) }),
  };
  return item;
}

async function* each(items: readonly ExportItem[]) {
  yield* items;
}

/** The texts and the images of an export by path; each path may come once. */
async function write(
  exporter: typeof exportYolo,
  items: readonly ExportItem[],
  task: 'detect' | 'segment' = 'segment',
) {
  const texts = new Map<string, string>();
  const images = new Map<string, string>();
  for await (const { path: name, content } of exporter(each(items), { task })) {
    expect(texts.has(name) || images.has(name)).toBe(false);
    if ('text' in content) {
      texts.set(name, content.text);
    } else if ('blob' in content) {
      images.set(name, content.blob);
    }
  }
  return { texts, images };
}

const defect = { label: 'anomalous', box: [60, 45, 40, 30] } as const;
const boxed = (name: string, split: string | null = null) =>
  makeItem(name, { label: defect.label, split, box: [...defect.box] });

describe('YOLO for training', () => {
  it('gives images with the same stem names and label files of their own (case y14)', async () => {
    const { texts, images } = await write(exportYolo, [boxed('images/a.jpg'), boxed('images/a.png'), boxed('A.bmp')]);
    expect([...images.keys()]).toEqual(['images/a.jpg', 'images/a_png.png', 'images/A_bmp.bmp']);
    for (const name of ['labels/a.txt', 'labels/a_png.txt', 'labels/A_bmp.txt']) {
      expect(texts.get(name)).toBe('0 0.375 0.375 0.625 0.375 0.625 0.625 0.375 0.625\n');
    }
  });

  it('clips boxes to the image (case y15)', async () => {
    const item = boxed('a.png');
    item.parts = [
      { label: 'dent', shape: 'box', bbox: [-12, 45, 40, 30] },
      { label: 'dent', shape: 'box', bbox: [155.2, 54, 16, 12] },
      { label: 'dent', shape: 'box', bbox: [200, 54, 16, 12] },
    ];
    const { texts } = await write(exportYolo, [item]);
    expect(texts.get('labels/a.txt')).toBe(
      '0 0 0.375 0.175 0.375 0.175 0.625 0 0.625\n0 0.97 0.45 1 0.45 1 0.55 0.97 0.55\n',
    );
    const coco = JSON.parse((await write(exportCoco, [item])).texts.get('annotations/instances.json') ?? '') as {
      annotations: { bbox: number[]; area: number }[];
    };
    expect(coco.annotations.map(({ bbox, area }) => [bbox, area])).toEqual([
      [[0, 45, 28, 30], 840],
      [[155.2, 54, 4.8, 12], 57.6],
    ]);
  });

  it.each([exportYolo, exportCoco])(
    'leaves out what is not labelled, or anomalous without a place, and lists it (case y30)',
    async (exporter) => {
      const items = [
        makeItem('a.png', { label: 'unlabelled' }),
        makeItem('b.png', { label: 'anomalous' }),
        makeItem('c.png'),
        boxed('d.png'),
      ];
      const { texts, images } = await write(exporter, items);
      expect([...images.keys()].map((name) => path.posix.basename(name))).toEqual(['c.png', 'd.png']);
      expect(texts.has('labels/a.txt') || texts.has('labels/b.txt')).toBe(false);
      expect(texts.get('left-out.txt')).toBe(
        'a.png\tnot labelled yet\nb.png\tanomalous, but no mask or box says where\n',
      );
    },
  );

  it('keeps the splits apart (case y32)', async () => {
    const items = [
      makeItem('p/train/0.png', { split: 'train' }),
      boxed('p/test/0.png', 'test'),
      makeItem('v.png', { split: 'valid' }),
    ];
    const { texts } = await write(exportYolo, items);
    expect(parse(texts.get('data.yaml') ?? '')).toMatchObject({ train: 'train.txt', val: 'val.txt', test: 'test.txt' });
    expect(texts.get('train.txt')).toBe('./images/p/train/0.png\n');
    expect(texts.get('test.txt')).toBe('./images/p/test/0.png\n');
    expect(texts.get('val.txt')).toBe('./images/v.png\n');
    const twoParts = await write(exportYolo, items.slice(0, 2));
    expect(parse(twoParts.texts.get('data.yaml') ?? '')).toMatchObject({ train: 'train.txt', val: 'test.txt' });
    expect([...(await write(exportCoco, items)).texts.keys()]).toEqual([
      'annotations/instances_train.json',
      'annotations/instances_test.json',
      'annotations/instances_valid.json',
    ]);
  });

  it('draws a validation part where the set has no splits, and says so', async () => {
    const { texts } = await write(
      exportYolo,
      Array.from({ length: 40 }, (_, i) => makeItem(`${i}.png`)),
    );
    const [train = [], val = []] = ['train.txt', 'val.txt'].map((name) => texts.get(name)?.trim().split('\n'));
    expect(new Set([...train, ...val]).size).toBe(40);
    expect(train.length + val.length).toBe(40);
    expect(val.length).toBeGreaterThan(0);
    expect(texts.get('data.yaml')).toMatch(/^# The set is not parted/);
  });

  it.each([['test'], ['val']])(
    'trains on and measures with different images of a set that is all %s',
    async (split) => {
      const items = Array.from({ length: 40 }, (_, i) => makeItem(`${i}.png`, { split }));
      const { texts } = await write(exportYolo, items);
      const data = parse(texts.get('data.yaml') ?? '') as Record<string, string>;
      const [train = [], val = []] = ['train', 'val'].map((key) =>
        texts
          .get(data[key] ?? '')
          ?.trim()
          .split('\n'),
      );
      expect(new Set([...train, ...val]).size).toBe(40);
      expect(train.length + val.length).toBe(40);
      expect(Math.min(train.length, val.length)).toBeGreaterThan(0);
    },
  );

  it('names its classes for readers of YAML 1.1, and its parts from beside the file', async () => {
    const parts = ['no', '12', 'ü: "x"'].flatMap((label) =>
      makeItem('a.png', { box: [1, 1, 4, 4] }).parts.map((part) => ({ ...part, label })),
    );
    const { texts } = await write(exportYolo, [{ ...makeItem('a.png', { label: 'anomalous' }), parts }]);
    const data: unknown = parse(texts.get('data.yaml') ?? '', { version: '1.1' });
    expect(data).toEqual({ train: 'train.txt', val: 'train.txt', names: { 0: '12', 1: 'no', 2: 'ü: "x"' } });
  });

  /** Folders and names as users and cameras make them. */
  const name = fc.oneof(
    fc.constantFrom(
      'a',
      'A',
      'images',
      'labels',
      'é',
      'e\u0301',
      'train',
      'a.b',
      ' a ',
      'a\nb',
      'a\u2028b',
      '図',
      'con',
    ),
    fc.string({ minLength: 1, maxLength: 6 }).map((text) => text.replace(/[/\u0000]/g, '_')),
  );
  const file = fc
    .tuple(fc.array(name, { maxLength: 3 }), name, fc.constantFrom('.png', '.PNG', '.jpg', '.jpeg', '.tif', '.bmp'))
    .map(([folders, stem, ending]) => [...folders, `${stem}${ending}`].join('/'))
    .filter((value) => !value.split('/').some((part) => part === '.' || part === '..'));

  it('writes every image once, with one label file that tools find, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { minLength: 1, maxLength: 12 }), async (names) => {
        const { texts, images } = await write(
          exportYolo,
          names.map((each_) => boxed(each_)),
          'detect',
        );
        expect([...images.values()]).toHaveLength(names.length);
        const lists = ['train.txt', 'val.txt', 'test.txt'].flatMap((list) => texts.get(list)?.split('\n') ?? []);
        const listed = lists.filter((line) => line !== '').map((line) => line.trim().slice(2));
        expect([...listed].sort()).toEqual([...images.keys()].sort());
        const labels = listed.map((image) => {
          // As Ultralytics finds them: the last folder `images`, and the last ending.
          const at = `/${image}`.lastIndexOf('/images/');
          return `${image.slice(0, at)}labels/${image.slice(at + 'images/'.length)}`.replace(/\.[^./]+$/, '.txt');
        });
        expect(labels.every((label) => texts.get(label) === '0 0.5 0.5 0.25 0.25\n')).toBe(true);
        expect(new Set(labels.map((label) => label.normalize('NFC').toLowerCase())).size).toBe(names.length);
      }),
      { numRuns: 200 },
    );
  });
});
