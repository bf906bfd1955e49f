import { deflateSync } from 'node:zlib';
import { type Files, readFiles } from '../../../support/read-files';

/** Formats of single tools, as they write them: what each of their forms marks. */
const lay = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));
const three = lay('images/a.png', 'images/b.png', 'images/c.png');
const boxed = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const corners = [
  [10, 10],
  [30, 10],
  [30, 30],
  [10, 30],
];
const points = corners.map(([x, y]) => ({ x, y }));
const hole = [
  [15, 15],
  [25, 15],
  [25, 25],
  [15, 25],
];
const sly = (objects: object[], tags: object[] = []) => ({
  description: '',
  tags,
  size: { width: 160, height: 120 },
  objects,
});
const object = (geometryType: string, exterior: number[][], interior: number[][][] = []) => ({
  classTitle: 'scratch',
  geometryType,
  points: { exterior, interior },
});
const datumaro = (annotations: object[][]) => ({
  categories: { label: { labels: [{ name: 'scratch' }, { name: 'good' }] } },
  items: annotations.map((list, i) => ({
    id: 'abc'[i],
    annotations: list,
    image: { path: `${'abc'[i]}.png`, size: [120, 160] },
  })),
});
const isat = (name: string, objects: object[]) => ({ info: { name, width: 160, height: 120 }, objects });
const ab = { 'images/a.png': boxed, 'images/b.png': 'normal' };
const two = lay('images/a.png', 'images/b.png');

test.each<[string, Files, Record<string, string>, RegExp[]]>([
  [
    'Supervisely: a rectangle, whose corners are its pixels, a polygon with a hole, nothing',
    {
      ...lay('ds/img/a.png', 'ds/img/b.png', 'ds/img/c.png'),
      'meta.json': { classes: [{ title: 'scratch' }], tags: [] },
      'ds/ann/a.png.json': sly([
        object('rectangle', [
          [10, 10],
          [29, 29],
        ]),
      ]),
      'ds/ann/b.png.json': sly([object('polygon', corners, [hole])]),
      'ds/ann/c.png.json': sly([]),
    },
    {
      'ds/img/a.png': boxed,
      'ds/img/b.png': 'anomalous | scratch | scratch 300 at 10 10 20 20',
      'ds/img/c.png': 'normal',
    },
    [],
  ],
  [
    'Supervisely: tags, a form that is not read, and a bitmap that is damaged',
    {
      ...lay('img/a.png', 'img/b.png', 'img/c.png', 'img/d.png'),
      'ann/a.png.json': sly([], [{ name: 'scratch', value: null }]),
      'ann/b.png.json': sly([object('mesh', corners)]),
      'ann/c.png.json': sly([
        { classTitle: 'scratch', geometryType: 'bitmap', bitmap: { data: 'AAAA', origin: [1, 2] } },
      ]),
      'ann/d.png.json': sly([], [{ name: 'val' }]),
    },
    {
      'img/a.png': 'anomalous | scratch',
      'img/b.png': 'unlabelled',
      'img/c.png': 'unlabelled',
      'img/d.png': 'normal',
    },
    [/^no_region img\/a\.png$/, /^bad_row ann\/b/, /^unlabelled img\/b/, /^bad_row ann\/c/, /^unlabelled img\/c/],
  ],
  [
    'Supervisely: a file that is cut off doubts its own image alone',
    {
      ...lay('img/a.png', 'img/b.png', 'img/c.png'),
      'ann/a.png.json': sly([object('polygon', corners)]),
      'ann/b.png.json': JSON.stringify(sly([object('polygon', corners)])).slice(0, 90),
      'ann/c.png.json': sly([]),
    },
    { 'img/a.png': boxed, 'img/b.png': 'unlabelled', 'img/c.png': 'normal' },
    [/^bad_file ann\/b/, /^unlabelled img\/b/],
  ],
  [
    'Datumaro: a polygon, a box that is turned, run lengths and a label',
    {
      ...lay('images/train/a.png', 'images/train/b.png', 'images/train/c.png'),
      'annotations/train.json': datumaro([
        [{ type: 'polygon', label_id: 0, points: corners.flat() }],
        [{ type: 'bbox', label_id: 0, bbox: [10, 15, 40, 10], attributes: { rotation: 90 } }],
        [
          { type: 'label', label_id: 1 },
          { type: 'caption', caption: 'a part' },
        ],
      ]),
    },
    {
      'images/train/a.png': boxed,
      'images/train/b.png': 'anomalous | scratch | scratch 400 at 25 0 10 40',
      'images/train/c.png': 'normal',
    },
    [],
  ],
  [
    'Datumaro: run lengths, an ellipse, and a form that is not read',
    {
      ...three,
      'annotations/default.json': datumaro([
        [{ type: 'mask', label_id: 0, rle: { size: [120, 160], counts: [1210, 20, 120 * 160 - 1230] } }],
        [{ type: 'ellipse', label_id: 0, points: [10, 10, 30, 30] }],
        [{ type: 'hash_key', label_id: 0 }],
      ]),
    },
    {
      'images/a.png': 'anomalous | scratch | scratch 20 at 10 10 1 20',
      'images/b.png': 'anomalous | scratch | scratch 316 at 10 10 20 20',
      'images/c.png': 'unlabelled',
    },
    [/^bad_row annotations\/default\.json, record 2$/, /^unlabelled images\/c\.png$/],
  ],
  [
    'Create ML: boxes by their centre, as Roboflow and Apple call them',
    {
      ...three,
      'images/_annotations.createml.json': [
        { image: 'a.png', annotations: [{ label: 'scratch', coordinates: { x: 20, y: 20, width: 20, height: 20 } }] },
        { imagefilename: 'b.png', annotation: [] },
        { image: 'c.png', annotations: [{ label: 'scratch', coordinates: { x: 20, y: 20, width: 20 } }] },
      ],
    },
    { ...ab, 'images/c.png': 'unlabelled' },
    [/^bad_row images\/_annotations/, /^unlabelled images\/c\.png$/],
  ],
  [
    'BDD100K: boxes, polygons, and a class alone',
    {
      ...three,
      'labels/train.json': {
        frames: [
          {
            name: 'a.png',
            labels: [{ category: 'scratch', poly2d: [{ vertices: corners, types: 'LLLL', closed: true }] }],
          },
          { name: 'b.png', labels: null },
          { name: 'c.png', labels: [{ category: 'dent' }] },
        ],
      },
    },
    { ...ab, 'images/c.png': 'anomalous | dent' },
    [/^no_region images\/c\.png$/],
  ],
  [
    'ISAT: outlines, and a background that marks nothing',
    {
      ...lay('a.png', 'b.png'),
      'a.json': isat('a.png', [
        { category: '__background__', segmentation: hole, bbox: [] },
        { category: 'scratch', segmentation: corners, bbox: [10, 10, 30, 30] },
      ]),
      'b.json': isat('b.png', []),
    },
    { 'a.png': boxed, 'b.png': 'normal' },
    [],
  ],
  [
    'VoTT: an export, with an asset that nobody has visited',
    {
      ...three,
      'vott-json-export/x.json': {
        assets: {
          1: {
            asset: { name: 'a.png', state: 2 },
            regions: [{ type: 'POLYGON', tags: ['scratch'], points }],
          },
          2: { asset: { name: 'b.png', state: 1 }, regions: [] },
          3: { asset: { name: 'c.png', state: 0 }, regions: [] },
        },
      },
    },
    { ...ab, 'images/c.png': 'unlabelled' },
    [/^not_labelled/],
  ],
  [
    'Darwin: paths of both versions, and a tag',
    {
      ...three,
      'annotations/a.json': {
        version: '2.0',
        schema_ref: 'x',
        item: { name: 'a.png', slots: [{ width: 160, height: 120 }] },
        annotations: [{ name: 'scratch', polygon: { paths: [points] } }],
      },
      'annotations/b.json': { image: { filename: 'b.png', width: 160, height: 120 }, annotations: [] },
      'annotations/c.json': {
        image: { filename: 'c.png' },
        annotations: [
          { name: 'scratch', polygon: { path: points } },
          { name: 'dent', tag: {} },
        ],
      },
    },
    { ...ab, 'images/c.png': 'anomalous | mixed | scratch 400 at 10 10 20 20' },
    [],
  ],
  [
    'SageMaker: classes of images',
    {
      ...two,
      'output.manifest': [
        { 'source-ref': 's3://b/x/a.png', q: 0, 'q-metadata': { 'class-name': 'scratch' } },
        { 'source-ref': 's3://b/x/b.png', q: 1, 'q-metadata': { 'class-name': 'good' } },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    },
    { 'images/a.png': 'anomalous | scratch', 'images/b.png': 'normal' },
    [/^no_region/],
  ],
  [
    'Labelbox: a mask that lies on its server is a defect without a region',
    {
      ...two,
      'export.ndjson': ['a', 'b']
        .map((id) =>
          JSON.stringify({
            data_row: { external_id: `${id}.png` },
            projects: {
              p: {
                labels: [
                  { annotations: { objects: id === 'a' ? [{ name: 'scratch', mask: { url: 'https://x' } }] : [] } },
                ],
              },
            },
          }),
        )
        .join('\n'),
    },
    { 'images/a.png': 'anomalous | scratch', 'images/b.png': 'normal' },
    [/^no_region/],
  ],
  [
    'a CSV of Label Studio: regions, none, one that is damaged, a task that nobody has annotated',
    {
      ...three,
      'images/d.png': '',
      'images/e.png': '',
      'project.csv': [
        'image,id,label,annotator,annotation_id,created_at',
        `/data/upload/1/0a1b2c3d-a.png,1,"[{""x"":6.25,""y"":8.3333333,""width"":12.5,""height"":16.6666667,""rotation"":0,""rectanglelabels"":[""scratch""],""original_width"":160,""original_height"":120}]",1,1,2024`,
        '/data/upload/1/0a1b2c3d-b.png,2,,1,2,2024',
        '/data/upload/1/0a1b2c3d-c.png,3,"[{""x"":6.25,""y"":",1,3,2024',
        '/data/upload/1/0a1b2c3d-d.png,4,,,,',
        '/data/upload/1/0a1b2c3d-e.png,5,"[{""x"",1,5,2024',
      ].join('\n'),
    },
    { ...ab, 'images/c.png': 'unlabelled', 'images/d.png': 'unlabelled', 'images/e.png': 'unlabelled' },
    [
      /^bad_row project\.csv, task 2, result 0$/,
      /^unlabelled images\/c\.png$/,
      /^bad_row project\.csv, task 4$/,
      /^not_labelled/,
      /^not_labelled/,
    ],
  ],
  [
    'a CSV of Label Studio: choices',
    {
      ...two,
      'project.csv': [
        'image,id,choice,annotator,annotation_id',
        'http://localhost:8080/data/upload/1/0a1b2c3d-a.png,1,Defective,1,1',
        'http://localhost:8080/data/upload/1/0a1b2c3d-b.png,2,Good,1,2',
      ].join('\r\n'),
    },
    { 'images/a.png': 'anomalous', 'images/b.png': 'normal' },
    [],
  ],
  [
    'Hugging Face: boxes of objects',
    {
      ...lay('train/a.png', 'train/b.png'),
      'train/metadata.jsonl': [
        { file_name: 'a.png', objects: { bbox: [[10, 10, 20, 20]], categories: ['scratch'] } },
        { file_name: 'b.png', objects: { bbox: [], categories: [] } },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    },
    { 'train/a.png': boxed, 'train/b.png': 'normal' },
    [],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  expect(found.problems).toHaveLength(problems.length);
});

test('a bitmap of Supervisely is unpacked to a picture that lies at its origin', async () => {
  const data = deflateSync(Buffer.from('no picture')).toString('base64');
  const found = await readFiles({
    ...lay('img/a.png', 'img/b.png'),
    'ann/a.png.json': sly([{ classTitle: 'scratch', geometryType: 'bitmap', bitmap: { data, origin: [1, 2] } }]),
    'ann/b.png.json': sly([]),
  });
  expect(found).toMatchObject({ items: { 'img/b.png': 'normal' } });
  expect(found.items['img/a.png']).toMatch(/^anomalous \| scratch/);
});
