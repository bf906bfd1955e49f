import { readSet } from '@/lib/datasets/import/read-set';
import type { ImportListing } from '@/lib/datasets/import/types';
import { drawShapes } from '@/lib/datasets/annotations/shapes';
import { layFiles, removeFolder } from '../../../support/folder-tree';

/** Label files as other tools write them, laid as those tools lay them. Readers do not open the images. */
async function read(files: Readonly<Record<string, string | object>>): Promise<ImportListing> {
  const root = await layFiles(
    Object.fromEntries(
      Object.entries(files).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  );
  try {
    return await readSet(root);
  } finally {
    await removeFolder(root);
  }
}

/** `label type area,area ...` of each image, drawn on `width` x `height`. */
function summary({ items }: ImportListing, width: number, height: number): Record<string, string> {
  return Object.fromEntries(
    items.map(({ path, split, label, defectType, shapes }) => {
      const { parts, problems } = drawShapes(shapes, { width, height });
      const areas = parts.map((part) =>
        part.shape === 'box'
          ? `${part.label} box ${part.bbox.join(' ')}`
          : `${part.label} ${area(part.counts ?? [])} px`,
      );
      return [path, [split, label, defectType, ...areas, ...problems].join(' | ')];
    }),
  );
}
const area = (counts: readonly number[]) => counts.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0);

describe('COCO', () => {
  it('by CVAT: a subset, categories from 1 with gaps, polygons, uncompressed run lengths of a crowd, attributes', async () => {
    const listing = await read({
      'images/default/a.png': '',
      'images/default/b.png': '',
      'annotations/instances_default.json': {
        licenses: [{ name: '', id: 0, url: '' }],
        info: { contributor: '', date_created: '', description: '', url: '', version: '', year: '' },
        categories: [
          { id: 2, name: 'dent', supercategory: '' },
          { id: 7, name: 'scratch', supercategory: '' },
        ],
        images: [
          {
            id: 1,
            width: 20,
            height: 10,
            file_name: 'a.png',
            license: 0,
            flickr_url: '',
            coco_url: '',
            date_captured: 0,
          },
          {
            id: 2,
            width: 20,
            height: 10,
            file_name: 'b.png',
            license: 0,
            flickr_url: '',
            coco_url: '',
            date_captured: 0,
          },
        ],
        annotations: [
          {
            id: 1,
            image_id: 1,
            category_id: 7,
            segmentation: [[2.0, 2.0, 6.0, 2.0, 6.0, 5.0, 2.0, 5.0]],
            area: 12.0,
            bbox: [2.0, 2.0, 4.0, 3.0],
            iscrowd: 0,
            attributes: { occluded: false },
          },
          {
            id: 2,
            image_id: 1,
            category_id: 2,
            // Columns first: 3 px at the top of column 1, 2 px at the top of column 2.
            segmentation: { counts: [10, 3, 7, 2, 178], size: [10, 20] },
            area: 5,
            bbox: [1, 0, 2, 3],
            iscrowd: 1,
            attributes: { occluded: false },
          },
        ],
      },
    });
    expect([listing.format, listing.problems]).toEqual(['coco', []]);
    expect(summary(listing, 20, 10)).toEqual({
      'images/default/a.png': ' | anomalous | mixed | scratch 12 px | dent 5 px',
      'images/default/b.png': ' | normal | ',
    });
  });

  it('by labelme2coco: images in JPEGImages, no iscrowd, left-over clicks as rings; null instead of a missing field', async () => {
    const listing = await read({
      'JPEGImages/a.jpg': '',
      'JPEGImages/c.jpg': '',
      'annotations.json': {
        images: [
          { height: 10, width: 20, id: 0, file_name: 'JPEGImages\\a.jpg' },
          { height: 10, width: 20, id: 1, file_name: 'JPEGImages/c.jpg' },
        ],
        categories: [
          { id: 0, name: '_background_' },
          { id: 1, name: 'crack' },
        ],
        annotations: [
          {
            id: 0,
            image_id: 0,
            category_id: 1,
            segmentation: [
              [5, 5, 6, 6],
              [1, 1, 4, 1, 4, 4, 1, 4],
            ],
            bbox: [1, 1, 5, 5],
          },
          { id: 1, image_id: 0, category_id: null, segmentation: null, bbox: [10, 2, 4, 4] },
          { id: 2, image_id: 1, category_id: 1, segmentation: [], bbox: [0, 0, 2, 2], area: null, iscrowd: null },
          { id: 3, image_id: 1, category_id: 1, segmentation: [], bbox: [] },
        ],
      },
    });
    expect(listing.problems).toEqual([]);
    expect(summary(listing, 20, 10)).toEqual({
      'JPEGImages/a.jpg': ' | anomalous | mixed | crack 9 px | anomaly box 10 2 4 4',
      'JPEGImages/c.jpg': ' | anomalous | crack | crack box 0 0 2 2',
    });
  });

  it('by Roboflow: a label file beside the images of each split, a category that only groups; names that were absolute elsewhere', async () => {
    const file = (name: string) => ({
      info: { year: '2026', version: '1', exported: '2026-01-01T00:00:00+00:00' },
      licenses: [{ id: 1, url: '', name: 'CC BY 4.0' }],
      categories: [
        { id: 0, name: 'defects', supercategory: 'none' },
        { id: 1, name: 'hole', supercategory: 'defects' },
      ],
      images: [{ id: 0, license: 1, file_name: name, height: 10, width: 20, date_captured: '' }],
      annotations: [
        { id: 0, image_id: 0, category_id: 1, bbox: [3, 4, 5, 2.5], area: 12.5, segmentation: [], iscrowd: 0 },
      ],
    });
    const listing = await read({
      'train/a_jpg.rf.0a1b.jpg': '',
      'valid/b_jpg.rf.2c3d.jpg': '',
      'train/_annotations.coco.json': file('a_jpg.rf.0a1b.jpg'),
      'valid/_annotations.coco.json': file('C:\\Users\\me\\export\\b_jpg.rf.2c3d.jpg'),
    });
    expect(listing.problems).toEqual([]);
    expect(summary(listing, 20, 10)).toEqual({
      'train/a_jpg.rf.0a1b.jpg': 'train | anomalous | hole | hole box 3 4 5 2.5',
      'valid/b_jpg.rf.2c3d.jpg': 'val | anomalous | hole | hole box 3 4 5 2.5',
    });
  });
});

describe('YOLO', () => {
  it('by Ultralytics: names as a map, a path of another machine, images/<split>; background without a file', async () => {
    const listing = await read({
      'images/train/a.jpg': '',
      'images/train/background.jpg': '',
      'images/val/b.jpg': '',
      'labels/train/a.txt': '0 0.25 0.5 0.1 0.2\n2 0.5 0.5 0.6 0.5 0.6 0.6 0.5 0.6\n',
      'labels/val/b.txt': '2 0.1 0.1 0.2 0.2',
      'data.yaml':
        '# comment\npath: /home/me/datasets/parts\ntrain: images/train\nval: images/val\ntest: # optional\n\nnames:\n  0: dent\n  2: scratch\n',
    });
    expect([listing.format, listing.problems]).toEqual(['yolo', []]);
    expect(summary(listing, 20, 10)).toEqual({
      'images/train/a.jpg': 'train | anomalous | mixed | dent box 4 4 2 2 | scratch 2 px',
      'images/train/background.jpg': 'train | normal | ',
      'images/val/b.jpg': 'val | anomalous | scratch | scratch box 0 0 4 2',
    });
  });

  it('by Roboflow: names as a list, paths one folder too high', async () => {
    const listing = await read({
      'train/images/a.jpg': '',
      'train/labels/a.txt': '1 0.5 0.5 0.5 0.4',
      'valid/images/b.jpg': '',
      'valid/labels/b.txt': '',
      'test/images/c.jpg': '',
      'test/labels/c.txt': '0 0.5 0.5 0.5 0.4',
      'data.yaml':
        "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n\nnc: 2\nnames: ['hole', 'dent']\n\nroboflow:\n  workspace: me\n  version: 1\n",
      'README.roboflow.txt': '',
    });
    expect(listing.problems).toEqual([]);
    expect(summary(listing, 20, 10)).toEqual({
      'test/images/c.jpg': 'test | anomalous | hole | hole box 5 3 10 4',
      'train/images/a.jpg': 'train | anomalous | dent | dent box 5 3 10 4',
      'valid/images/b.jpg': 'val | normal | ',
    });
  });

  it('folders of other names from the YAML file; several for a split; a split that the file does not name', async () => {
    const listing = await read({
      'first/images/a.jpg': '',
      'first/labels/a.txt': '0 0.5 0.5 0.5 0.4',
      'second/images/b.jpg': '',
      'second/labels/b.txt': '',
      'test/images/c.jpg': '',
      'test/labels/c.txt': '',
      'parts.yaml': 'path: .\ntrain:\n  - ./first/images\n  - second/images/\nval: second/images\nnames: [dent]\n',
      'compose.yaml': 'services: {}\n',
    });
    expect(listing.problems).toEqual([]);
    expect(summary(listing, 20, 10)).toEqual({
      'first/images/a.jpg': 'train | anomalous | dent | dent box 5 3 10 4',
      'second/images/b.jpg': 'train | normal | ',
      'test/images/c.jpg': 'test | normal | ',
    });
  });

  it('by Label Studio and labelImg (classes.txt), by CVAT (obj.names, rows beside the images)', async () => {
    const studio = await read({
      'images/1a2b3c4d-a.jpg': '',
      'labels/1a2b3c4d-a.txt': '1 0.5 0.5 0.5 0.4',
      'classes.txt': 'dent\nscratch\n',
      'notes.json': { categories: [{ id: 0, name: 'dent' }], info: { year: 2026, version: '1.0' } },
    });
    expect(summary(studio, 20, 10)).toEqual({
      'images/1a2b3c4d-a.jpg': ' | anomalous | scratch | scratch box 5 3 10 4',
    });
    const cvat = await read({
      'obj_train_data/a.jpg': '',
      'obj_train_data/a.txt': '0 0.500000 0.500000 0.500000 0.400000\n',
      'obj_train_data/b.jpg': '',
      'obj_train_data/b.txt': '',
      'obj.names': 'dent\n',
      'obj.data': 'classes = 1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n',
      'train.txt': 'data/obj_train_data/a.jpg\ndata/obj_train_data/b.jpg\n',
    });
    expect(summary(cvat, 20, 10)).toEqual({
      'obj_train_data/a.jpg': 'train | anomalous | dent | dent box 5 3 10 4',
      'obj_train_data/b.jpg': 'train | normal | ',
    });
  });
});

describe('Label Studio', () => {
  const size = { original_width: 20, original_height: 10, image_rotation: 0 };
  const region = (id: string, type: string, from_name: string, value: object) => ({
    id,
    type,
    from_name,
    to_name: 'image',
    origin: 'manual',
    ...size,
    value,
  });

  it('reads rectangles, polygons, ellipses and brushes in percent, of the annotation that was changed last', async () => {
    // A brush of the web editor: 20 x 10 px as RGBA, one run of nothing, one of 40 px, one of nothing.
    const bits = [
      (800).toString(2).padStart(32, '0'),
      '00111',
      '0010001101111111',
      ...[
        ['80', '0'],
        ['160', '255'],
        ['256', '0'],
        ['256', '0'],
        ['48', '0'],
      ].map(
        ([length, value]) =>
          `110${(Number(length) - 1).toString(2).padStart(8, '0')}${Number(value).toString(2).padStart(8, '0')}`,
      ),
    ].join('');
    const rle = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
    const listing = await read({
      'images/0f1e2d3c-a.png': '',
      'export.json': [
        {
          id: 11,
          data: { image: '/data/upload/3/0f1e2d3c-a.png' },
          predictions: [],
          drafts: [],
          meta: {},
          created_at: '2026-01-01T00:00:00.000000Z',
          inner_id: 1,
          total_annotations: 3,
          project: 3,
          file_upload: '0f1e2d3c-a.png',
          annotations: [
            {
              id: 5,
              completed_by: 1,
              was_cancelled: false,
              ground_truth: false,
              updated_at: '2026-03-02T10:00:00.000000Z',
              lead_time: 12.5,
              result: [
                region('a1', 'rectanglelabels', 'label', {
                  x: 10,
                  y: 20,
                  width: 25,
                  height: 30,
                  rotation: 0,
                  rectanglelabels: ['dent'],
                }),
                region('a2', 'polygonlabels', 'poly', {
                  points: [
                    [50, 50],
                    [70, 50],
                    [70, 80],
                    [50, 80],
                  ],
                  closed: true,
                  polygonlabels: ['scratch'],
                }),
                region('a3', 'brushlabels', 'brush', { format: 'rle', rle, brushlabels: ['stain'] }),
                // One region drawn with `Rectangle` and named with `Labels`.
                region('a4', 'rectangle', 'shape', { x: 0, y: 0, width: 10, height: 10, rotation: 0 }),
                region('a4', 'labels', 'names', { x: 0, y: 0, width: 10, height: 10, rotation: 0, labels: ['hole'] }),
                { from_id: 'a1', to_id: 'a2', type: 'relation', direction: 'right' },
              ],
            },
            { id: 6, was_cancelled: true, updated_at: '2026-03-03T10:00:00.000000Z', result: [] },
            { id: 4, was_cancelled: false, updated_at: '2026-03-01T10:00:00.000000Z', result: [] },
          ],
        },
      ],
    });
    expect([listing.format, listing.problems]).toEqual(['label-studio', []]);
    expect(summary(listing, 20, 10)).toEqual({
      'images/0f1e2d3c-a.png':
        ' | anomalous | mixed | dent box 2 2 5 3 | scratch 12 px | stain 40 px | hole box 0 0 2 1',
    });
  });

  it('finds files of local and cloud storage by their names, and takes tasks without an annotation for unlabelled', async () => {
    const listing = await read({
      'a b.png': '',
      'c.png': '',
      'tasks.json': [
        { id: 1, data: { image: '/data/local-files/?d=parts/a%20b.png' }, annotations: [] },
        {
          id: 2,
          data: { image: 's3://bucket/parts/c.png' },
          annotations: [{ id: 1, result: [region('x', 'choices', 'choice', { choices: ['Good'] })] }],
        },
      ],
    });
    expect(listing.problems.map(({ code, place }) => [code, place])).toEqual([['not_labelled', 'tasks.json']]);
    expect(listing.items.map(({ path, label }) => [path, label])).toEqual([
      ['a b.png', 'unlabelled'],
      ['c.png', 'normal'],
    ]);
  });
});

it('LLaVA conversations: records of one image are joined, records without an image told', async () => {
  const talk = (...values: string[]) =>
    values.map((value, index) => ({ from: index % 2 === 0 ? 'human' : 'gpt', value }));
  const listing = await read({
    'images/parts/000.jpg': '',
    'images/parts/001.jpg': '',
    'instruct.json': [
      {
        id: '000-1',
        image: 'parts/000.jpg',
        conversations: talk(
          '<image>\nIs there any anomaly in this image?',
          'Yes, the cap is cracked.',
          'Where?',
          'At its rim.',
        ),
      },
      { id: '000-2', image: 'parts/000.jpg', conversations: talk('What follows?\n<image>', 'It leaks.') },
      { id: '001', image: ['parts/001.jpg'], conversations: talk('<image>\nAny anomaly?', 'No.') },
      { id: 'text', conversations: talk('What is a crack?', 'A break.') },
    ],
  });
  expect(listing.format).toBe('llava');
  expect(listing.problems.map(({ code, place }) => [code, place])).toEqual([['bad_row', 'instruct.json, record 3']]);
  expect(listing.items.map(({ path, label, exchanges }) => [path, label, exchanges])).toEqual([
    [
      'images/parts/000.jpg',
      'anomalous',
      [
        { question: 'Is there any anomaly in this image?', answer: 'Yes, the cap is cracked.' },
        { question: 'Where?', answer: 'At its rim.' },
        { question: 'What follows?', answer: 'It leaks.' },
      ],
    ],
    ['images/parts/001.jpg', 'normal', [{ question: 'Any anomaly?', answer: 'No.' }]],
  ]);
});

it('MMAD as published: four sets under one file, masks below the category, templates and flags that nobody asked for', async () => {
  const options = { A: 'Yes.', B: 'No.' };
  const entry = (answer: string, mask_path?: string) => ({
    mask_path,
    similar_templates: ['DS-MVTec/bottle/image/good/001.png'],
    random_templates: ['DS-MVTec/bottle/image/good/002.png'],
    conversation: [
      {
        Question: 'Is there any defect in the object?',
        Answer: answer,
        Options: options,
        type: 'Anomaly Detection',
        annotation: true,
      },
      {
        Question: 'What is its type?',
        Answer: 'C',
        Options: { A: 'Scratch.', B: 'Dent.', C: 'Break.', D: 'Stain.' },
        type: 'Defect Classification',
        annotation: true,
      },
    ],
  });
  const listing = await read({
    'DS-MVTec/bottle/image/broken_large/000.png': '',
    'DS-MVTec/bottle/mask/broken_large/000.png': '',
    'DS-MVTec/bottle/image/good/000.png': '',
    'VisA/candle/test/bad/000.JPG': '',
    'VisA/candle/ground_truth/bad/000.png': '',
    'mmad.json': {
      'DS-MVTec/bottle/image/broken_large/000.png': entry('A', 'mask/broken_large/000.png'),
      'DS-MVTec/bottle/image/good/000.png': entry('B', ''),
      'VisA/candle/test/bad/000.JPG': entry('A', 'VisA/candle/ground_truth/bad/000.png'),
      'GoodsAD/drink_can/test/good/000.jpg': entry('B'),
    },
  });
  expect(listing.format).toBe('mmad');
  expect(listing.problems.map(({ code, place }) => [code, place])).toEqual([
    ['missing_image', 'GoodsAD/drink_can/test/good/000.jpg'],
  ]);
  expect(
    listing.items.map(({ path, label, category, defectType, masks, exchanges }) =>
      [path, label, category, defectType, masks.length, exchanges.length].join(' '),
    ),
  ).toEqual([
    'DS-MVTec/bottle/image/broken_large/000.png anomalous bottle broken_large 1 2',
    'DS-MVTec/bottle/image/good/000.png normal bottle  0 2',
    'VisA/candle/test/bad/000.JPG anomalous candle bad 1 2',
  ]);
});

it('VisA as downloaded: the split in CSV, Windows line ends, files in capitals', async () => {
  const listing = await read({
    'candle/Data/Images/Normal/0000.JPG': '',
    'candle/Data/Images/Normal/0001.JPG': '',
    'candle/Data/Images/Anomaly/000.JPG': '',
    'candle/Data/Masks/Anomaly/000.png': '',
    'candle/image_anno.csv': 'image,label,mask\n',
    'split_csv/1cls.csv': [
      'object,split,label,image,mask',
      'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
      'candle,test,normal,candle/Data/Images/Normal/0001.JPG,',
      'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
      '',
    ].join('\r\n'),
  });
  expect([listing.format, listing.problems]).toEqual(['visa', []]);
  expect(listing.items.map(({ path, split, label, masks }) => [path, split, label, masks.length].join(' '))).toEqual([
    'candle/Data/Images/Anomaly/000.JPG test anomalous 1',
    'candle/Data/Images/Normal/0000.JPG train normal 0',
    'candle/Data/Images/Normal/0001.JPG test normal 0',
  ]);
});
