import { type Files, readFiles } from '../../../support/read-files';

/** Files that no reader knows by their name or form, and what they do to the images that they name. */
const lay = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));
const folders = lay('good/a.png', 'good/b.png', 'bad/c.png');
const against = { 'bad/c.png': 'anomalous | anomaly', 'good/a.png': 'unlabelled', 'good/b.png': 'normal' };
const coco = {
  images: ['a.png', 'b.png'].map((file_name, id) => ({ id, file_name, width: 160, height: 120 })),
  annotations: [{ id: 1, image_id: 0, category_id: 1, bbox: [10, 10, 20, 20] }],
  categories: [{ id: 1, name: 'scratch' }],
};
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const yolo = {
  ...lay('images/a.png', 'images/b.png', 'labels/b.txt'),
  'labels/a.txt': '0 0.125 0.16666667 0.125 0.16666667',
  'classes.txt': 'scratch',
};
const marked = { 'images/a.png': scratch, 'images/b.png': 'normal' };
const open = { 'a.png': 'unlabelled', 'b.png': 'unlabelled' };
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...new Array<number>(20).fill(0)]);

test.each<[string, Files, Record<string, string>, string[]]>([
  ['an empty JSON file of a good image', { ...folders, 'good/a.json': '' }, against, ['bad_file good/a.json']],
  ['zeros in a JSON file of a good image', { ...folders, 'ann/a.json': '\0\0\0\0' }, against, ['bad_file ann/a.json']],
  ['an empty XML file of a good image', { ...folders, 'good/a.xml': '' }, against, ['unknown_file good']],
  ['zeros in a text file of a good image', { ...folders, 'good/a.txt': '\0\0\0\0' }, against, ['unknown_file good']],
  ['COCO called .txt', { ...lay('images/a.png', 'images/b.png'), 'annotations.txt': JSON.stringify(coco) }, marked, []],
  [
    'COCO called .txt that is cut off',
    { ...folders, 'annotations.txt': JSON.stringify(coco).slice(0, 60) },
    { ...against, 'good/b.png': 'unlabelled' },
    ['bad_file annotations.txt'],
  ],
  [
    'JSON Lines called .manifest, of no known form',
    {
      ...lay('a.png', 'b.png'),
      'x.manifest': '{"image":"s3://x/a.png","finding":"scratch"}\n{"image":"s3://x/b.png"}',
    },
    open,
    ['unknown_file x.manifest'],
  ],
  [
    'an unknown file beside rows of YOLO that marks a normal image',
    { ...yolo, 'x.json': { entries: [{ picture: 'b.png', findings: [{ polygons: [[1, 2, 3, 4]] }] }] } },
    { ...marked, 'images/b.png': 'unlabelled' },
    ['unknown_file x.json', 'unlabelled images/b.png'],
  ],
  [
    'detections of a model beside labels',
    {
      ...yolo,
      'predictions.json': [{ image_id: 1, file_name: 'b.png', category_id: 1, bbox: [1, 1, 5, 5], score: 0.4 }],
    },
    marked,
    ['unknown_file predictions.json'],
  ],
  [
    'settings beside labels',
    { ...yolo, 'config.json': { images: ['b.png'] }, 'args.json': { epochs: 100 } },
    marked,
    [],
  ],
  [
    'a sample submission of a contest',
    {
      ...lay('train/a.png', 'test/b.png'),
      'train.csv': 'ImageId,EncodedPixels\na.png,1 5\n',
      'sample_submission.csv': 'ImageId,EncodedPixels\nb.png,1 5\n',
    },
    { 'test/b.png': 'unlabelled', 'train/a.png': 'anomalous | anomaly | anomaly 5 at 0 0 1 5' },
    ['not_needed sample_submission.csv'],
  ],
  [
    'boxes in text files that bear no image’s name, as DeepPCB has them',
    {
      ...lay('g/a_test.jpg', 'g/a_temp.jpg', 'README.txt'),
      'g_not/a.txt': '10 8 30 20 3\n',
      'notes.txt': 'made in 2024 by 3',
    },
    { 'g/a_temp.jpg': 'unlabelled', 'g/a_test.jpg': 'unlabelled' },
    ['unknown_file g_not'],
  ],
  [
    'pairs of images and masks in lists',
    {
      ...lay('crop/a.jpg', 'crop/a.png', 'crop/b.jpg', 'crop/b.png'),
      'train.txt': 'crop/a.jpg crop/a.png\n',
      'val.txt': 'crop/b.jpg crop/b.png\n',
    },
    { 'crop/a.jpg': 'anomalous | mask crop/a.png', 'crop/b.jpg': 'anomalous | mask crop/b.png' },
    [],
  ],
  [
    'classes of Roboflow of which none is set',
    {
      ...lay('train/a.jpg', 'train/b.jpg', 'train/c.jpg'),
      'train/_classes.csv': 'filename, crack, good\na.jpg, 1, 0\nb.jpg, 0, 1\nc.jpg, 0, 0\n',
    },
    { 'train/a.jpg': 'anomalous | crack', 'train/b.jpg': 'normal', 'train/c.jpg': 'unlabelled' },
    ['bad_row train/_classes.csv, line 4', 'unlabelled train/c.jpg'],
  ],
  [
    'images without an ending, and files of other programs',
    {
      ...folders,
      'good/IMG_1': jpeg,
      'bad/x.png_': jpeg,
      'list.lst': '0 1 good/a.png',
      'README.md': 'x',
      LICENSE: 'x',
    },
    { ...against, 'good/a.png': 'normal' },
    ['unread_format good/IMG_1', 'unread_format bad/x.png_', 'not_needed list.lst'],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  expect(found.problems).toEqual(expect.arrayContaining(problems));
  const told = found.problems.filter((problem) => !/^(contradiction|not_labelled|by_folder)/.test(problem));
  expect(told).toHaveLength(problems.length);
});
