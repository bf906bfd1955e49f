import { type Files, readFiles } from '../../../support/read-files';

/** Further members of the kinds of `../import/cases.test.ts` in COCO files. */
const SQUARE = [10, 10, 30, 10, 30, 30, 10, 30];
const sized = { width: 160, height: 120 };
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const two = [
  { id: 1, file_name: 'a.png', ...sized },
  { id: 2, file_name: 'b.png', ...sized },
];

const coco = (annotations: unknown, images: unknown = [{ id: 1, file_name: 'a.png', ...sized }]) => ({
  images,
  annotations,
  categories: [{ id: 1, name: 'scratch' }],
});
const mark = (fields: object) => ({ id: 1, image_id: 1, category_id: 1, iscrowd: 0, ...fields });
const one = (fields: object): Files => ({ 'a.png': '', 'x.json': coco([mark(fields)]) });
const text = (annotations: unknown, change: (json: string) => string | Uint8Array): Files => ({
  'a.png': '',
  'x.json': change(JSON.stringify(coco(annotations))),
});
/** Column by column: 10 columns of 120, then 20 with 20 set from row 10 on. */
const RUNS = [10 * 120 + 10, ...Array.from({ length: 19 }, () => [20, 100]).flat(), 20, 90 + 130 * 120];
const utf16 = (json: string, mark: string) => Buffer.from(mark + json, 'utf16le');

test.each<[string, Files, Record<string, string>, RegExp[]]>([
  [
    'ids that look like numbers with an exponent',
    {
      'a.png': '',
      'b.png': '',
      'x.json': coco(
        [mark({ image_id: '12e3', bbox: [10, 10, 20, 20] })],
        [
          { id: '12e3', file_name: 'a.png' },
          { id: '12000', file_name: 'b.png' },
        ],
      ),
    },
    { 'a.png': scratch, 'b.png': 'normal' },
    [],
  ],
  [
    'run lengths as a list',
    one({ segmentation: { size: [120, 160], counts: RUNS }, iscrowd: 1 }),
    { 'a.png': scratch },
    [],
  ],
  [
    'run lengths as floats, size as text',
    one({ segmentation: { size: ['120', '160'], counts: RUNS.map((count) => `${count}.0`) } }),
    { 'a.png': scratch },
    [],
  ],
  ['run lengths in a list', one({ segmentation: [{ size: [120, 160], counts: RUNS }] }), { 'a.png': scratch }, []],
  ['a ring nested three times', one({ segmentation: [[SQUARE]] }), { 'a.png': scratch }, []],
  [
    'rings of points',
    one({
      segmentation: [
        [
          [10, 10],
          [30, 10],
          [30, 30],
          [10, 30],
        ],
      ],
    }),
    { 'a.png': scratch },
    [],
  ],
  [
    'rings of points nested once more',
    one({
      segmentation: [
        [
          [
            [10, 10],
            [30, 10],
            [30, 30],
            [10, 30],
          ],
        ],
      ],
    }),
    { 'a.png': scratch },
    [],
  ],
  [
    'a segmentation as text, as tables keep it',
    one({ segmentation: JSON.stringify([SQUARE]) }),
    { 'a.png': scratch },
    [],
  ],
  ['a box as text, as tables keep it', one({ bbox: '[10, 10, 20, 20]' }), { 'a.png': scratch }, []],
  [
    'a box as an object with its centre',
    one({ bbox: { cx: 20, w: 20, cy: 20, h: 20, y: 10, height: 20, x: 10, width: 20 } }),
    { 'a.png': scratch },
    [],
  ],
  [
    'a box of corners, as its area tells',
    one({ bbox: [10, 10, 30, 30], area: 400 }),
    { 'a.png': scratch },
    [/^box_form x\.json/],
  ],
  [
    'a box of corners, as the image’s edge tells',
    { 'a.png': '', 'x.json': coco([mark({ bbox: [100, 80, 150, 110] }), mark({ bbox: [10, 10, 30, 30] })]) },
    { 'a.png': 'anomalous | scratch | scratch 1500 at 100 80 50 30 | scratch 400 at 10 10 20 20' },
    [/^box_form x\.json/],
  ],
  ['a box of corners, as it says', one({ bbox: [10, 10, 30, 30], bbox_mode: 0 }), { 'a.png': scratch }, []],
  [
    'a box as fractions of the image',
    one({ bbox: [0.25, 0.25, 0.25, 0.25] }),
    { 'a.png': 'anomalous | scratch | scratch 1200 at 40 30 40 30' },
    [/^box_form/],
  ],
  [
    'a box past the edge stays one',
    one({ bbox: [140, 100, 40, 40], area: 1600 }),
    { 'a.png': 'anomalous | scratch | scratch 400 at 140 100 20 20' },
    [],
  ],
  [
    'image sizes that are missing',
    { 'a.png': '', 'x.json': coco([mark({ bbox: [10, 10, 20, 20] })], [{ id: 1, file_name: 'a.png', height: null }]) },
    { 'a.png': scratch },
    [],
  ],
  [
    'a size of nothing',
    {
      'a.png': '',
      'x.json': coco([mark({ bbox: [10, 10, 20, 20] })], [{ id: 1, file_name: 'a.png', width: 0, height: 0 }]),
    },
    { 'a.png': scratch },
    [],
  ],
  [
    'one image listed twice with ids of its own',
    { 'a.png': '', 'x.json': coco([mark({ image_id: 2, bbox: [10, 10, 20, 20] })], [two[0], { ...two[0], id: 2 }]) },
    { 'a.png': scratch },
    [],
  ],
  [
    'ids that are words',
    {
      'a.png': '',
      'x.json': coco([mark({ image_id: 'u-7f', bbox: [10, 10, 20, 20] })], [{ id: 'u-7f', file_name: 'a.png' }]),
    },
    { 'a.png': scratch },
    [],
  ],
  [
    'an annotation without image_id that names the file',
    { 'a.png': '', 'x.json': coco([{ id: 1, file_name: 'a.png', category_id: 1, bbox: [10, 10, 20, 20] }]) },
    { 'a.png': scratch },
    [],
  ],
  [
    'an annotation of an image that is not listed',
    {
      'a.png': '',
      'b.png': '',
      'x.json': coco([mark({ bbox: [10, 10, 20, 20] }), mark({ image_id: 9, bbox: [1, 1, 2, 2] })], two),
    },
    { 'a.png': scratch, 'b.png': 'unlabelled' },
    [/^bad_row x\.json, annotation 1/, /^unlabelled b\.png/],
  ],
  [
    'a category that is not listed, and none at all',
    { 'a.png': '', 'x.json': { images: [two[0]], annotations: [mark({ category_id: 7, bbox: [10, 10, 20, 20] })] } },
    { 'a.png': 'anomalous | anomaly | anomaly 400 at 10 10 20 20' },
    [],
  ],
  [
    'a category as text in the annotation',
    {
      'a.png': '',
      'x.json': { ...coco([mark({ category_id: 'scratch', bbox: [10, 10, 20, 20] })]), categories: ['scratch'] },
    },
    { 'a.png': scratch },
    [],
  ],
  [
    'empty rings and no box',
    one({ segmentation: [[]] }),
    { 'a.png': 'unlabelled' },
    [/^bad_row/, /^unlabelled a\.png/],
  ],
  [
    'a box of nulls',
    one({ bbox: [null, null, null, null] }),
    { 'a.png': 'unlabelled' },
    [/^bad_row/, /^unlabelled a\.png/],
  ],
  ['a byte order mark', text([mark({ bbox: [10, 10, 20, 20] })], (json) => `\ufeff${json}`), { 'a.png': scratch }, []],
  ['UTF-16', text([mark({ bbox: [10, 10, 20, 20] })], (json) => utf16(json, '\ufeff')), { 'a.png': scratch }, []],
  [
    'UTF-16 without its mark',
    text([mark({ bbox: [10, 10, 20, 20] })], (json) => utf16(json, '')),
    { 'a.png': scratch },
    [],
  ],
  [
    'commas at the end of lists',
    text([mark({ bbox: [10, 10, 20, 20] })], (json) => json.replaceAll(']', ', ]').replaceAll('}', ',\n}')),
    { 'a.png': scratch },
    [],
  ],
  [
    'NaN beside the box',
    text([mark({ bbox: [10, 10, 20, 20], area: 'X' })], (json) => json.replace('"X"', 'NaN')),
    { 'a.png': scratch },
    [],
  ],
  [
    'Infinity in the box',
    text([mark({ bbox: [10, 10, 'X', 20] })], (json) => json.replace('"X"', 'Infinity')),
    { 'a.png': 'unlabelled' },
    [/^bad_row/],
  ],
  [
    'a file that is cut off',
    { 'a.png': '', 'b.png': '', 'x.json': JSON.stringify(coco([mark({ bbox: [10, 10, 20, 20] })], two)).slice(0, -60) },
    { 'a.png': 'unlabelled', 'b.png': 'unlabelled' },
    [/x\.json/],
  ],
  [
    'a damaged second file takes no image of the first for normal',
    { 'a.png': '', 'b.png': '', 'x.json': coco([mark({ bbox: [10, 10, 20, 20] })], two), 'y.json': '{"images": [' },
    { 'a.png': scratch, 'b.png': 'unlabelled' },
    [/^bad_file y\.json/, /^unlabelled b\.png/],
  ],
  [
    'annotations of each image within its record',
    {
      'a.png': '',
      'x.json': {
        images: [{ ...two[0], annotations: [{ category_id: 1, bbox: [10, 10, 20, 20] }] }],
        categories: [{ id: 1, name: 'scratch' }],
      },
    },
    { 'a.png': scratch },
    [],
  ],
  [
    'key points without a box',
    one({ keypoints: [20, 20, 2], num_keypoints: 1, bbox: [] }),
    { 'a.png': 'anomalous | scratch' },
    [/^no_region a\.png/],
  ],
  [
    'a damaged first image beside a whole one, in folders that say good',
    {
      'good/a.png': '',
      'good/b.png': '',
      'x.json': coco(
        [mark({ bbox: [10, 10, 20, 20] }), mark({ image_id: 2, bbox: [10, 10, 20, 20] })],
        [
          { id: 1, file_nam: 'good/a.png' },
          { ...two[1], file_name: 'good/b.png' },
        ],
      ),
    },
    { 'good/a.png': 'unlabelled', 'good/b.png': scratch },
    [/^bad_row x\.json, image 0/, /^bad_row x\.json, annotation 0/, /^unlabelled good\/a\.png/],
  ],
  [
    'images that nobody has annotated, as coco-annotator says',
    {
      'a.png': '',
      'b.png': '',
      'c.png': '',
      'x.json': coco(
        [mark({ bbox: [10, 10, 20, 20] })],
        [
          { ...two[0], annotated: true },
          { ...two[1], annotated: false },
          { id: 3, file_name: 'c.png', annotated: true },
        ],
      ),
    },
    { 'a.png': scratch, 'b.png': 'unlabelled', 'c.png': 'normal' },
    [/^nothing_annotated x\.json/],
  ],
  [
    'a box without a height is a line, and not nothing',
    {
      'a.png': '',
      'b.png': '',
      'x.json': coco([mark({ bbox: [10, 10, 20, 0] }), mark({ image_id: 2, bbox: [10, 10, 20, 20] })], two),
    },
    { 'a.png': 'unlabelled', 'b.png': scratch },
    [/^bad_row/, /^unlabelled a\.png/],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  if (problems.length === 0) {
    expect(found.problems).toEqual([]);
  }
});

test('run lengths as text, also as Python prints bytes', async () => {
  const { compressCounts } = await import('@/lib/segmentation/rle');
  const counts = compressCounts(RUNS);
  for (const written of [counts, `b'${counts}'`]) {
    const found = await readFiles(one({ segmentation: { size: [120, 160], counts: written } }));
    expect(found.items).toEqual({ 'a.png': scratch });
  }
});
