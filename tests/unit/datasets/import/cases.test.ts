import { type Files, readFiles as read } from '../../../support/read-files';

/**
 * Situations from public reports of other tools and their users, each with its right value. The names are those of the
 * collection they come from. Images of 160 x 120 px are meant; readers do not open them.
 */
const sized = { width: 160, height: 120 };
const SQUARE = [10, 10, 30, 10, 30, 30, 10, 30];
const CATEGORIES = [{ id: 1, name: 'scratch' }];

function coco(annotation: object | object[], images: object[] = [{ id: 1, file_name: 'a.png', ...sized }]): object {
  const annotations = [annotation]
    .flat()
    .map((entry, id) => ({ id, image_id: 1, category_id: 1, iscrowd: 0, ...entry }));
  return { images, annotations, categories: CATEGORIES };
}

const yolo = (row: string, data = 'train: images\nval: images\nnames: [scratch, dent]\n'): Files => ({
  'images/a.png': '',
  'labels/a.txt': row,
  ...(data === '' ? {} : { 'data.yaml': data }),
});

const region = (type: string, value: object, more: object = {}) => ({
  id: 'r1',
  from_name: 'label',
  to_name: 'image',
  type,
  original_width: 160,
  original_height: 120,
  image_rotation: 0,
  value,
  ...more,
});
const task = (...result: object[]) => [
  { id: 1, data: { image: '/data/upload/1/a.png' }, annotations: [{ id: 1, result }] },
];
const talk = (question: string, answer: string) => ({
  image: 'images/a.png',
  conversations: [
    { from: 'human', value: `<image>\n${question}` },
    { from: 'gpt', value: answer },
  ],
});

const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const box = 'anomalous | scratch | scratch 1200 at 60 45 40 30';

describe('COCO', () => {
  const polygon = { segmentation: [SQUARE], bbox: [10, 10, 20, 20] };

  test.each<[string, Files, Record<string, string>, RegExp[]]>([
    [
      'c01: a polygon as one flat list',
      { 'images/a.png': '', 'annotations.json': coco({ segmentation: SQUARE }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'c04: ids as text',
      { 'images/a.png': '', 'annotations.json': coco({ ...polygon, image_id: '1', category_id: '1' }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'ids as floats',
      { 'images/a.png': '', 'annotations.json': coco({ ...polygon, image_id: '1.0' }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'image ids that are names',
      { 'images/a.png': '', 'annotations.json': coco({ ...polygon, image_id: 'a' }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'c06: no geometry',
      { 'images/a.png': '', 'annotations.json': coco({}) },
      { 'images/a.png': 'anomalous | scratch' },
      [/^no_region images\/a.png/],
    ],
    [
      'c12: numbers as text',
      { 'images/a.png': '', 'annotations.json': coco({ bbox: ['10', '10', '20', '20'], segmentation: [] }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'c12: a box past the edge',
      { 'images/a.png': '', 'annotations.json': coco({ bbox: [-5, -5, 20, 20] }) },
      { 'images/a.png': 'anomalous | scratch | scratch 225 at 0 0 15 15' },
      [],
    ],
    [
      'c12: negative lengths',
      { 'images/a.png': '', 'annotations.json': coco({ bbox: [30, 30, -20, -20] }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'decimal commas',
      { 'images/a.png': '', 'annotations.json': coco({ bbox: ['10,0', '10,0', '20,0', '20,0'] }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'c15: another letter case',
      { 'images/a.jpg': '', 'annotations.json': coco(polygon, [{ id: 1, file_name: 'a.JPG' }]) },
      { 'images/a.jpg': scratch },
      [],
    ],
    ['c18: the layout of FiftyOne', { 'data/a.png': '', 'labels.json': coco(polygon) }, { 'data/a.png': scratch }, []],
    [
      'c19: an empty object',
      { 'images/a.png': '', 'annotations.json': coco({ segmentation: {}, bbox: [10, 10, 20, 20] }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'c23: a name that climbs out',
      {
        'images/a.png': '',
        'result.json': coco(polygon, [{ id: 1, file_name: '../../label-studio/data/media/upload/28/a.png' }]),
      },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'points as pairs',
      {
        'images/a.png': '',
        'annotations.json': coco({
          segmentation: [
            [
              [10, 10],
              [30, 10],
              [30, 30],
              [10, 30],
            ],
          ],
        }),
      },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'half a point too many',
      { 'images/a.png': '', 'annotations.json': coco({ segmentation: [[...SQUARE, 7]] }) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'damaged run lengths with a box',
      {
        'images/a.png': '',
        'annotations.json': coco({ segmentation: { size: [120, 160], counts: [1, 2] }, bbox: [10, 10, 20, 20] }),
      },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'damaged run lengths alone',
      { 'images/a.png': '', 'annotations.json': coco({ segmentation: { size: [120, 160], counts: [1, 2] } }) },
      { 'images/a.png': 'unlabelled' },
      [/^bad_row annotations.json, annotation 0/],
    ],
    [
      'a cut text',
      { 'images/a.png': '', 'annotations.json': '{"images": [', 'b.json': coco(polygon) },
      { 'images/a.png': scratch },
      [/^bad_file annotations.json/],
    ],
    [
      'a set that nobody annotated',
      { 'images/a.png': '', 'annotations.json': coco([]) },
      { 'images/a.png': 'unlabelled' },
      [/^nothing_annotated/],
    ],
  ])('%s', async (_, files, items, problems) => {
    const found = await read(files);
    expect(found.items).toEqual(items);
    problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
    expect(problems.length > 0 || found.problems.length === 0).toBe(true);
  });

  test('c03: two images with one id', async () => {
    const images = ['a.png', 'b.png'].map((file_name) => ({ id: 1, file_name, ...sized }));
    const found = await read({ 'images/a.png': '', 'images/b.png': '', 'annotations.json': coco(polygon, images) });
    expect(found.items).toEqual({ 'images/a.png': 'unlabelled', 'images/b.png': 'unlabelled' });
    expect(found.problems).toContain('same_id annotations.json, image 1');
  });

  test('c05: a category called good, and the category 0', async () => {
    const found = await read({
      'images/a.png': '',
      'images/b.png': '',
      'annotations.json': {
        images: [0, 1].map((id) => ({ id, file_name: id === 0 ? 'a.png' : 'b.png', ...sized })),
        annotations: [
          { image_id: 0, category_id: 0, bbox: [10, 10, 20, 20] },
          { image_id: 1, category_id: 1, bbox: [0, 0, 160, 120] },
        ],
        categories: [
          { id: 0, name: 'scratch' },
          { id: 1, name: 'good' },
        ],
      },
    });
    expect(found).toEqual({ items: { 'images/a.png': scratch, 'images/b.png': 'normal' }, problems: [] });
  });

  test('c14: names in another Unicode form, and with signs of addresses', async () => {
    const decomposed = 'Schaden_über_é.png'.normalize('NFD');
    const images = [
      { id: 1, file_name: 'Schaden_über_é.png'.normalize('NFC') },
      { id: 2, file_name: 'a b#1%20.png' },
    ];
    const found = await read({
      [`images/${decomposed}`]: '',
      'images/a b#1%20.png': '',
      'annotations.json': coco([polygon, { ...polygon, image_id: 2 }], images),
    });
    expect(found).toEqual({
      items: { [`images/${decomposed}`]: scratch, 'images/a b#1%20.png': scratch },
      problems: [],
    });
  });

  test('c25: two files about one image; captions beside instances are left out', async () => {
    const dent = { ...coco({ bbox: [50, 50, 20, 20] }), categories: [{ id: 1, name: 'dent' }] };
    const captions = {
      images: [{ id: 1, file_name: 'a.png' }],
      annotations: [{ id: 1, image_id: 1, caption: 'A part.' }],
    };
    const found = await read({
      'images/a.png': '',
      'annotations/captions.json': { ...captions, categories: [] },
      'annotations/dent.json': dent,
      'annotations/scratch.json': coco(polygon),
    });
    expect(found.items).toEqual({
      'images/a.png': 'anomalous | mixed | dent 400 at 50 50 20 20 | scratch 400 at 10 10 20 20',
    });
    expect(found.problems).toEqual(['no_regions annotations/captions.json']);
  });

  test('an annotation that does not say which image it is about leaves no image of its file normal', async () => {
    const images = [1, 2].map((id) => ({ id, file_name: `${id}.png` }));
    const found = await read({
      'images/1.png': '',
      'images/2.png': '',
      'annotations.json': coco([polygon, { ...polygon, image_id: null }], images),
    });
    expect(found.items).toEqual({ 'images/1.png': scratch, 'images/2.png': 'unlabelled' });
  });
});

describe('YOLO', () => {
  test.each<[string, Files, string, RegExp[]]>([
    ['y01: class as 0.0', yolo('0.0 0.5 0.5 0.25 0.25'), box, []],
    ['y02: numbers of numpy.savetxt', yolo('0.000e+00 5.000e-01 5.000e-01 2.500e-01 2.500e-01'), box, []],
    ['y22: class by name', yolo('scratch 0.5 0.5 0.25 0.25'), box, []],
    ['decimal commas', yolo('0 0,5 0,5 0,25 0,25'), box, []],
    ['parted by commas', yolo('0,0.5,0.5,0.25,0.25'), box, []],
    ['a confidence at the end', yolo('0 0.5 0.5 0.25 0.25 0.93'), box, []],
    [
      'UTF-16 with Windows line ends',
      { ...yolo(''), 'labels/a.txt': Buffer.from('\ufeff0 0.5 0.5 0.25 0.25\r\n', 'utf16le') },
      box,
      [],
    ],
    [
      'y06: class beyond the names',
      yolo('5 0.5 0.5 0.25 0.25'),
      'anomalous | class 5 | class 5 1200 at 60 45 40 30',
      [/^unknown_class labels\/a.txt, line 1/],
    ],
    ['y13: rows of poses', yolo('0 0.5 0.5 0.25 0.25 0.4 0.4 2 0.6 0.4 2'), box, []],
    [
      'rows of poses as the set describes them',
      yolo('0 0.5 0.5 0.25 0.25 0.4 0.4 0.6 0.4', 'names: [scratch]\nkpt_shape: [2, 2]\ntrain: images\n'),
      box,
      [],
    ],
    ['y21: a row twice', yolo('0 0.5 0.5 0.25 0.25\n0 0.5 0.5 0.25 0.25\n'), box, [/^repeated images\/a.png/]],
    ['a row of pixels', yolo('0 80 60 40 30'), 'unlabelled', [/^bad_row labels\/a.txt, line 1/]],
    ['a cut row', yolo('0 0.5 0.5'), 'unlabelled', [/^bad_row/]],
    ['a damaged row beside a readable one', yolo('0 0.5 0.5 0.25 0.25\n0 x'), box, [/^bad_row labels\/a.txt, line 2/]],
    [
      'no label file at all',
      { 'images/a.png': '', 'data.yaml': 'train: images\nnames: [scratch]\n' },
      'unlabelled',
      [/^nothing_annotated/],
    ],
  ])('%s', async (_, files, item, problems) => {
    const found = await read(files);
    expect(found.items).toEqual({ 'images/a.png': item });
    problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
    expect(problems.length > 0 || found.problems.length === 0).toBe(true);
  });

  test('y17: names of classes in an older encoding', async () => {
    const names = Buffer.from([0xbb, 0xae, 0xba, 0xdb, 0x0a]);
    const found = await read({ ...yolo('0 0.5 0.5 0.25 0.25', ''), 'classes.txt': names });
    expect(found).toEqual({
      items: { 'images/a.png': box.replaceAll('scratch', '划痕') },
      problems: ['encoding classes.txt'],
    });
  });

  test('an image without a label file is background in a folder of a split, and unlabelled elsewhere', async () => {
    const found = await read({ ...yolo('0 0.5 0.5 0.25 0.25'), 'images/b.png': '', 'spare/c.png': '' });
    expect(found.items).toEqual({ 'images/a.png': box, 'images/b.png': 'normal', 'spare/c.png': 'unlabelled' });
    expect(found.problems).toEqual(['not_labelled spare']);
  });

  test('labelImg: rows beside the images; label files without an image are told', async () => {
    const found = await read({
      'a.png': '',
      'a.txt': '0 0.5 0.5 0.25 0.25',
      'b.png': '',
      'b.txt': '',
      'c.txt': '0 0.5 0.5 0.1 0.1',
      'classes.txt': 'scratch\n',
    });
    expect(found).toEqual({ items: { 'a.png': box, 'b.png': 'normal' }, problems: ['missing_image c.txt'] });
  });
});

describe('Label Studio', () => {
  const rectangle = region('rectanglelabels', {
    x: 10,
    y: 10,
    width: 10,
    height: 10,
    rotation: 0,
    rectanglelabels: ['scratch'],
  });
  const small = 'anomalous | scratch | scratch 192 at 16 12 16 12';

  test.each<[string, object, string]>([
    [
      'l01: a turned ellipse',
      task(
        region('ellipselabels', { x: 50, y: 50, radiusX: 30, radiusY: 5, rotation: 90, ellipselabels: ['scratch'] }),
      ),
      'anomalous | scratch | scratch 912 at 74 12 12 96',
    ],
    [
      'l04: key points only',
      task(region('keypointlabels', { x: 50, y: 50, width: 1, keypointlabels: ['scratch'] })),
      'anomalous | scratch',
    ],
    [
      'l05: JSON-MIN',
      [
        {
          image: '/data/upload/1/a.png',
          id: 1,
          label: [{ ...rectangle.value, original_width: 160, original_height: 120 }],
          annotator: 1,
          annotation_id: 1,
        },
      ],
      small,
    ],
    [
      'JSON-MIN with a choice',
      [{ image: '/data/upload/1/a.png', id: 1, quality: 'Good', annotator: 1, annotation_id: 1 }],
      'normal',
    ],
    [
      'l06: a target storage',
      { id: 1, result: [rectangle], task: { id: 1, data: { image: '/data/upload/1/a.png' } }, was_cancelled: false },
      small,
    ],
    [
      'pixels instead of percent',
      task(region('rectanglelabels', { x: 140, y: 100, width: 20, height: 20, rectanglelabels: ['scratch'] })),
      'anomalous | scratch | scratch 400 at 140 100 20 20',
    ],
    [
      'a choice that is neither normal nor anomalous',
      task(region('choices', { choices: ['scratch'] }, { id: 'c' })),
      'unlabelled',
    ],
    [
      'a choice against a region',
      task(rectangle, region('choices', { choices: ['Good'] }, { id: 'c' })),
      'unlabelled | scratch 192 at 16 12 16 12',
    ],
    ['an empty annotation', task(), 'normal'],
    ['a kind of region that is not read', task(region('videorectangle', { sequence: [] })), 'unlabelled'],
    ['a damaged region', task(region('rectanglelabels', { x: 'many', rectanglelabels: ['scratch'] })), 'unlabelled'],
    [
      'a cancelled annotation',
      [{ data: { image: 'a.png' }, annotations: [{ was_cancelled: true, result: [rectangle] }] }],
      'unlabelled',
    ],
    [
      'predictions only',
      [{ data: { image: 'a.png' }, annotations: [], predictions: [{ result: [rectangle] }] }],
      'unlabelled',
    ],
  ])('%s', async (_, tasks, item) => {
    expect((await read({ 'images/a.png': '', 'tasks.json': tasks })).items).toEqual({ 'images/a.png': item });
  });
});

describe('conversations', () => {
  test('q02: JSON Lines; a damaged line is told', async () => {
    const found = await read({
      'images/a.png': '',
      'train.jsonl': `${JSON.stringify(talk('Any defect?', 'Yes, a scratch.'))}\n{"image": \n`,
    });
    expect(found).toEqual({ items: { 'images/a.png': 'anomalous' }, problems: ['bad_row train.jsonl, line 2'] });
  });

  test.each([
    ['Is it normal?', 'No, it is scratched.', 'anomalous'],
    ['Is it normal?', 'Yes.', 'normal'],
    ['Is this a bottle without any defect?', 'Yes.', 'normal'],
    [
      'This is a bottle, which should be round, without any damage. Is there any anomaly?',
      'Yes, it is broken.',
      'anomalous',
    ],
    ['Is there any anomaly?', 'No.', 'normal'],
    ['Is there a scratch?', 'No.', 'unlabelled'],
    ['Is there a scratch?', 'Yes.', 'anomalous'],
    ['Is it not defective?', 'No.', 'unlabelled'],
    ['Is it good or defective?', 'No.', 'unlabelled'],
    ['What do you see?', 'Yes.', 'unlabelled'],
  ])('q03: %s %s', async (question, answer, label) => {
    expect((await read({ 'images/a.png': '', 'train.json': [talk(question, answer)] })).items).toEqual({
      'images/a.png': label,
    });
  });

  test('messages of chat models, with the image in the record or in the message', async () => {
    const messages = (content: unknown) => [
      { role: 'user', content },
      { role: 'assistant', content: 'Yes.' },
    ];
    const found = await read({
      'images/a.png': '',
      'images/b.png': '',
      'train.jsonl': [
        { messages: messages('<image>Any defect?'), images: ['images/a.png'] },
        {
          messages: messages([
            { type: 'image', image: 'images/b.png' },
            { type: 'text', text: 'Any defect?' },
          ]),
        },
      ]
        .map((record) => JSON.stringify(record))
        .join('\n'),
    });
    expect(found).toEqual({ items: { 'images/a.png': 'anomalous', 'images/b.png': 'anomalous' }, problems: [] });
  });
});

describe('an XML or JSON file per image', () => {
  const voc = (object: string) =>
    `<annotation><filename>a.jpg</filename><size><width>160</width><height>120</height><depth>3</depth></size>${object}</annotation>`;
  const bndbox =
    '<object><name>scratch</name><bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object>';

  test.each([
    ['vo1', voc(bndbox), scratch],
    [
      'corners the other way round, as floats',
      voc(bndbox.replace('>10<', '>30.0<').replace('<xmax>30', '<xmax>10.0')),
      scratch,
    ],
    [
      'a turned box',
      voc(
        '<object><name>scratch</name><robndbox><cx>20</cx><cy>20</cy><w>20</w><h>20</h><angle>1.5707963</angle></robndbox></object>',
      ),
      scratch,
    ],
    ['a damaged box', voc('<object><name>scratch</name><bndbox><xmin>x</xmin></bndbox></object>'), 'unlabelled'],
    ['a cut file', voc(bndbox).slice(0, -20), 'unlabelled'],
  ])('Pascal VOC: %s', async (_, xml, item) => {
    const found = await read({
      'JPEGImages/a.jpg': '',
      'JPEGImages/b.jpg': '',
      'Annotations/a.xml': xml,
      'Annotations/b.xml': voc(bndbox).replace('a.jpg', 'b.jpg'),
    });
    expect(found.items).toEqual({ 'JPEGImages/a.jpg': item, 'JPEGImages/b.jpg': scratch });
    expect(found.problems.length > 0).toBe(item === 'unlabelled');
  });

  const cvat = (shapes: string) =>
    `<?xml version="1.0" encoding="utf-8"?><annotations><version>1.1</version><image id="0" name="a.png" width="160" height="120">${shapes}</image></annotations>`;
  test.each([
    ['cv2: a polygon', '<polygon label="scratch" points="10,10;30,10;30,30;10,30"/>', scratch],
    ['a box', '<box label="scratch" xtl="10" ytl="10" xbr="30" ybr="30"/>', scratch],
    ['a turned box', '<box label="scratch" xtl="10" ytl="10" xbr="30" ybr="30" rotation="90"/>', scratch],
    ['a mask', '<mask label="scratch" left="10" top="10" width="20" height="20" rle="0, 400"/>', scratch],
    ['a line', '<polyline label="scratch" points="10,10;29,10"/>', 'anomalous | scratch | scratch 20 at 10 10 20 1'],
    ['a tag', '<tag label="good"/>', 'normal'],
    ['points', '<points label="scratch" points="10,10"/>', 'anomalous | scratch'],
    ['odd points', '<polygon label="scratch" points="10,10;30"/>', 'unlabelled'],
  ])('CVAT: %s', async (_, shapes, item) => {
    expect((await read({ 'images/a.png': '', 'annotations.xml': cvat(shapes) })).items).toEqual({
      'images/a.png': item,
    });
  });

  const labelme = (shape: object, more: object = {}) => ({
    version: '5.0',
    flags: {},
    shapes: [{ label: 'scratch', ...shape }],
    imagePath: 'a.jpg',
    imageData: null,
    imageHeight: 120,
    imageWidth: 160,
    ...more,
  });
  test.each<[string, object | string, string]>([
    [
      'lm1: a polygon',
      labelme({
        points: [
          [10, 10],
          [30, 10],
          [30, 30],
          [10, 30],
        ],
        shape_type: 'polygon',
      }),
      scratch,
    ],
    [
      'no type of shape, as old versions',
      labelme({
        points: [
          [10, 10],
          [30, 10],
          [30, 30],
          [10, 30],
        ],
      }),
      scratch,
    ],
    [
      'opposite corners',
      labelme({
        points: [
          [30, 30],
          [10, 10],
        ],
        shape_type: 'rectangle',
      }),
      scratch,
    ],
    [
      'a circle',
      labelme({
        points: [
          [20, 20],
          [20, 30],
        ],
        shape_type: 'circle',
      }),
      'anomalous | scratch | scratch 316 at 10 10 20 20',
    ],
    ['a flag', labelme({}, { shapes: [], flags: { good: true } }), 'normal'],
    ['a point', labelme({ points: [[20, 20]], shape_type: 'point' }), 'anomalous | scratch'],
    ['a damaged shape', labelme({ points: [[20]], shape_type: 'polygon' }), 'unlabelled'],
    ['a cut file', JSON.stringify(labelme({})).slice(0, -9), 'unlabelled'],
  ])('labelme: %s', async (_, json, item) => {
    const other = labelme(
      {
        points: [
          [30, 30],
          [10, 10],
        ],
        shape_type: 'rectangle',
      },
      { imagePath: 'b.jpg' },
    );
    expect((await read({ 'a.jpg': '', 'b.jpg': '', 'a.json': json, 'b.json': other })).items).toEqual({
      'a.jpg': item,
      'b.jpg': scratch,
    });
  });
});

describe('folders', () => {
  const category = ['part/train/good/000.png', 'part/test/good/000.png', 'part/test/scratch/000.png'];
  const lay = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));
  const base = { 'part/train/good/000.png': 'normal', 'part/test/good/000.png': 'normal' };

  test.each<[string, Files, Record<string, string>, string[]]>([
    [
      'm02: the suffix in capitals',
      lay(...category, 'part/ground_truth/scratch/000_GT.png'),
      { ...base, 'part/test/scratch/000.png': 'anomalous | scratch | mask part/ground_truth/scratch/000_GT.png' },
      [],
    ],
    [
      'm21: a folder deeper',
      lay(
        ...category,
        'part/test/scratch/sub/001.png',
        'part/ground_truth/scratch/sub/001_mask.png',
        'part/ground_truth/scratch/000_mask.png',
      ),
      {
        ...base,
        'part/test/scratch/000.png': 'anomalous | scratch | mask part/ground_truth/scratch/000_mask.png',
        'part/test/scratch/sub/001.png': 'anomalous | scratch | mask part/ground_truth/scratch/sub/001_mask.png',
      },
      [],
    ],
    [
      'f01: masks repeat the folders',
      lay('bad/a.png', 'good/a.png', 'masks/bad/a.png'),
      { 'bad/a.png': 'anomalous | anomaly | mask masks/bad/a.png', 'good/a.png': 'normal' },
      [],
    ],
    [
      'masks beside the images',
      lay('bad/a.png', 'bad/a_mask.png', 'good/a.png'),
      { 'bad/a.png': 'anomalous | anomaly | mask bad/a_mask.png', 'good/a.png': 'normal' },
      [],
    ],
    ['f03: images only', lay('a.png', 'b.png'), { 'a.png': 'unlabelled', 'b.png': 'unlabelled' }, ['not_labelled .']],
    [
      'folders of other names',
      lay('good/a.png', 'bad/a.png', 'misc/b.png'),
      { 'bad/a.png': 'anomalous | anomaly', 'good/a.png': 'normal', 'misc/b.png': 'unlabelled' },
      ['not_labelled misc'],
    ],
    [
      'MVTec AD 2',
      lay(
        'can/train/good/0.png',
        'can/validation/good/1.png',
        'can/test_public/good/2.png',
        'can/test_public/bad/3.png',
        'can/test_public/ground_truth/bad/3_mask.png',
        'can/test_private/4.png',
      ),
      {
        'can/train/good/0.png': 'normal',
        'can/validation/good/1.png': 'normal',
        'can/test_public/good/2.png': 'normal',
        'can/test_public/bad/3.png': 'anomalous | bad | mask can/test_public/ground_truth/bad/3_mask.png',
        'can/test_private/4.png': 'unlabelled',
      },
      ['not_labelled can/test_private'],
    ],
    [
      'MVTec 3D AD',
      lay('cable/train/good/rgb/0.png', 'cable/test/bent/rgb/0.png', 'cable/test/bent/gt/0.png'),
      {
        'cable/train/good/rgb/0.png': 'normal',
        'cable/test/bent/rgb/0.png': 'anomalous | bent | mask cable/test/bent/gt/0.png',
      },
      [],
    ],
    [
      'z05: several folders around the set',
      lay('my set/x/good/a.png', 'my set/x/bad/b.png'),
      { 'bad/b.png': 'anomalous | anomaly', 'good/a.png': 'normal' },
      [],
    ],
  ])('%s', async (_, files, items, problems) => {
    expect(await read(files)).toEqual({ items, problems });
  });

  test('m19: MVTec LOCO, several masks an image, and a validation split', async () => {
    const names = [
      'train/good/000.png',
      'validation/good/000.png',
      'test/good/000.png',
      'test/logical_anomalies/000.png',
    ];
    const masks = ['000/000.png', '000/001.png'].map((name) => `ground_truth/logical_anomalies/${name}`);
    const found = await read(lay(...[...names, ...masks].map((name) => `box/${name}`)));
    expect(found).toEqual({
      items: {
        'box/train/good/000.png': 'normal',
        'box/validation/good/000.png': 'normal',
        'box/test/good/000.png': 'normal',
        'box/test/logical_anomalies/000.png': `anomalous | logical_anomalies | ${masks.map((name) => `mask box/${name}`).join(' | ')}`,
      },
      problems: [],
    });
  });
});

describe('found beside the collected situations', () => {
  const square = { bbox: [10, 10, 20, 20] };
  const object =
    '<object><name>scratch</name><bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object>';

  test.each<[string, Files, Record<string, string>, string[]]>([
    [
      'COCO as Python writes it, with NaN',
      { 'a.png': '', 'i.json': JSON.stringify(coco({ ...square, score: 'NAN' })).replace('"NAN"', 'NaN') },
      { 'a.png': scratch },
      [],
    ],
    [
      'a box of NaN is damaged, and says so',
      { 'a.png': '', 'i.json': JSON.stringify(coco({ bbox: [10, 10, 'NAN', 20] })).replace('"NAN"', '-Infinity') },
      { 'a.png': 'unlabelled' },
      ['bad_row i.json, annotation 0', 'nothing_annotated the set', 'unlabelled a.png'],
    ],
    [
      'COCO whose images have a path instead of a name',
      { 'a.png': '', 'i.json': coco(square, [{ id: 1, filename: 'x/a.png' }]) },
      { 'a.png': scratch },
      [],
    ],
    [
      'YOLO rows that end as on old Macs',
      yolo('0 0.5 0.5 0.25 0.25\r0 0.5 0.5 0.25 0.25'),
      { 'images/a.png': box },
      ['repeated images/a.png'],
    ],
    ['a YOLO class in quotes', yolo('"scratch" 0.5 0.5 0.25 0.25'), { 'images/a.png': box }, []],
    ['a YOLO class with a colon', yolo('0: 0.5 0.5 0.25 0.25'), { 'images/a.png': box }, []],
    [
      'Pascal VOC: image and file renamed together, the name inside is the old one',
      { 'a.jpg': '', 'a.xml': `<annotation><filename>000001.jpg</filename>${object}</annotation>` },
      { 'a.jpg': scratch },
      [],
    ],
    [
      'labelme: the same',
      {
        'a.jpg': '',
        'a.json': {
          version: '5',
          imagePath: 'IMG_0001.JPG',
          imageData: null,
          shapes: [
            {
              label: 'scratch',
              points: [
                [10, 10],
                [30, 30],
              ],
              shape_type: 'rectangle',
            },
          ],
        },
      },
      { 'a.jpg': scratch },
      [],
    ],
    [
      'a YOLO image called like a list of images',
      { ...yolo('0 0.5 0.5 0.25 0.25'), 'images/train.png': '', 'labels/train.txt': '0 0.5 0.5 0.25 0.25' },
      { 'images/a.png': box, 'images/train.png': box },
      [],
    ],
    [
      'label files of no known format are reported, and their images are not normal',
      {
        'a.png': '',
        'boxes.csv': 'filename,region\na.png,"{}"\n',
        'boxes.json': { description: '', objects: [] },
      },
      { 'a.png': 'unlabelled' },
      ['unknown_file boxes.csv', 'unknown_file boxes.json', 'not_labelled .'],
    ],
  ])('%s', async (_, files, items, problems) => {
    const found = await read(files);
    expect(found.items).toEqual(items);
    expect([...found.problems].sort()).toEqual([...problems].sort());
  });
});
