import { type Files, readFiles } from '../../../support/read-files';

/** Sets that their folders label: what a deeper folder or a label file says against a folder that is called normal. */
const lay = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));
const set = lay('good/a.png', 'good/b.png', 'bad/c.png');
const base = { 'bad/c.png': 'anomalous | anomaly', 'good/b.png': 'normal' };
const against = { ...base, 'good/a.png': 'unlabelled' };
const both = { ...base, 'good/a.png': 'normal' };
const lines = (...records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');
const coco = {
  images: [
    { id: 1, file_name: 'good/a.png' },
    { id: 2, file_name: 'bad/c.png' },
  ],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 9, 9] }],
};
const talk = (question: string, answer: string) => [
  { from: 'human', value: question },
  { from: 'gpt', value: answer },
];
const object = { classTitle: 'spot', geometryType: 'rectangle', points: { exterior: [[1, 1]], interior: [] } };

test.each<[string, Files, Record<string, string>, string[]]>([
  [
    'bad in good',
    lay('good/a.png', 'good/bad/b.png', 'bad/c.png'),
    { 'bad/c.png': 'anomalous | anomaly', 'good/a.png': 'normal', 'good/bad/b.png': 'unlabelled' },
    ['contradiction good/bad'],
  ],
  [
    'rejected, and a defect, in good of a test',
    lay(
      'train/good/0.png',
      'test/good/0.png',
      'test/good/rejected/b.png',
      'test/good/deep_scratch/d.png',
      'test/crack/c.png',
    ),
    {
      'test/crack/c.png': 'anomalous | crack',
      'test/good/0.png': 'normal',
      'test/good/deep_scratch/d.png': 'unlabelled',
      'test/good/rejected/b.png': 'unlabelled',
      'train/good/0.png': 'normal',
    },
    ['contradiction test/good/deep_scratch', 'contradiction test/good/rejected'],
  ],
  [
    'normal light above the classes',
    lay('normal/scratch/a.png', 'normal/good/b.png', 'normal/hole/c.png', 'polarised/scratch/d.png'),
    {
      'normal/good/b.png': 'normal',
      'normal/hole/c.png': 'unlabelled',
      'normal/scratch/a.png': 'unlabelled',
      'polarised/scratch/d.png': 'unlabelled',
    },
    ['contradiction normal/hole', 'contradiction normal/scratch', 'not_labelled polarised/scratch'],
  ],
  [
    'a folder of what nobody has decided',
    lay('ok/a.png', 'ok/unsure/b.png', 'ng/c.png'),
    { 'ng/c.png': 'anomalous | anomaly', 'ok/a.png': 'normal', 'ok/unsure/b.png': 'unlabelled' },
    ['contradiction ok/unsure'],
  ],
  [
    'folders of good ones that say nothing else',
    lay('good/a.png', 'good/repaired/b.png', 'good/no_scratch/d.png', 'good/cam1/ok/e.png', 'bad/c.png'),
    {
      'bad/c.png': 'anomalous | anomaly',
      'good/a.png': 'normal',
      'good/cam1/ok/e.png': 'normal',
      'good/no_scratch/d.png': 'normal',
      'good/repaired/b.png': 'normal',
    },
    [],
  ],
  [
    'names of classes with a place or a number',
    lay('ok_front/a.png', 'OK-2/b.png', 'ng_front/c.png'),
    { 'OK-2/b.png': 'normal', 'ng_front/c.png': 'anomalous | anomaly', 'ok_front/a.png': 'normal' },
    [],
  ],
  [
    'the same in a test, and what is no class',
    lay('train/good/0.png', 'test/good_2/1.png', 'test/000_good/2.png', 'test/crack/3.png', 'test/unlabeled/5.png'),
    {
      'test/000_good/2.png': 'normal',
      'test/crack/3.png': 'anomalous | crack',
      'test/good_2/1.png': 'normal',
      'test/unlabeled/5.png': 'unlabelled',
      'train/good/0.png': 'normal',
    },
    ['not_labelled test/unlabeled'],
  ],
  [
    'JSON Lines that call one bad',
    {
      ...set,
      'metadata.jsonl': lines({ file_name: 'good/a.png', label: 'bad' }, { file_name: 'good/b.png', label: 'good' }),
    },
    against,
    ['unknown_file metadata.jsonl', 'contradiction good/a.png'],
  ],
  [
    'JSON Lines that agree',
    {
      ...set,
      'metadata.jsonl': lines({ file_name: 'good/a.png', label: 'good' }, { file_name: 'bad/c.png', label: 'bad' }),
    },
    both,
    ['unknown_file metadata.jsonl'],
  ],
  [
    'labels as numbers that part what lies in one folder',
    { ...set, 'good/metadata.jsonl': lines({ file_name: 'a.png', label: 1 }, { file_name: 'b.png', label: 0 }) },
    { 'bad/c.png': 'anomalous | anomaly', 'good/a.png': 'unlabelled', 'good/b.png': 'unlabelled' },
    ['unknown_file good/metadata.jsonl', 'contradiction good/a.png', 'contradiction good/b.png'],
  ],
  [
    'labels as numbers that agree with the folders',
    {
      ...set,
      'metadata.jsonl': lines(
        { file_name: 'good/a.png', label: 1 },
        { file_name: 'good/b.png', label: 1 },
        { file_name: 'bad/c.png', label: 0 },
      ),
    },
    both,
    ['unknown_file metadata.jsonl'],
  ],
  [
    'names as keys',
    { ...set, 'labels.json': { 'good/a.png': 'bad', 'good/b.png': 'good' } },
    against,
    ['unknown_file labels.json', 'contradiction good/a.png'],
  ],
  [
    'names in lists of their classes',
    { ...set, 'labels.json': { ng: ['a.png'], ok: ['b.png'] } },
    against,
    ['unknown_file labels.json', 'contradiction good/a.png'],
  ],
  [
    'a flag',
    {
      ...set,
      'good/flags.json': [
        { image: 'a.png', is_defective: true },
        { image: 'b.png', is_defective: false },
      ],
    },
    against,
    ['unknown_file good/flags.json', 'contradiction good/a.png'],
  ],
  [
    'a table that calls one bad',
    { ...set, 'labels.csv': 'image,label\ngood/a.png,NG\ngood/b.png,OK\nbad/c.png,NG\n' },
    against,
    ['contradiction good/a.png'],
  ],
  [
    'Supervisely: a file an image',
    {
      ...lay('train/good/img/a.png', 'train/good/img/b.png', 'test/bad/img/c.png'),
      'train/good/ann/a.png.json': { size: { height: 120, width: 160 }, tags: [], objects: [object] },
      'train/good/ann/b.png.json': { size: { height: 120, width: 160 }, tags: [], objects: [] },
    },
    {
      'test/bad/img/c.png': 'anomalous',
      'train/good/img/a.png': 'unlabelled',
      'train/good/img/b.png': 'unlabelled',
    },
    [
      ...['bad_row train/good/ann/a.png.json, record 0', 'unlabelled train/good/img/a.png'],
      ...['nothing_annotated the set', 'by_folder test/bad/img'],
    ],
  ],
  [
    'COCO that is cut off',
    { ...set, 'coco.json': JSON.stringify(coco).slice(0, -30) },
    against,
    ['bad_file coco.json', 'contradiction good/a.png'],
  ],
  [
    'COCO that is cut off in its list of images: of the others nobody knows',
    { ...set, 'coco.json': JSON.stringify(coco).slice(0, 60) },
    { ...against, 'good/b.png': 'unlabelled' },
    ['bad_file coco.json', 'contradiction good/b.png', 'contradiction good/a.png'],
  ],
  [
    'JSON Lines whose last line is cut off',
    {
      ...set,
      'metadata.jsonl': lines(
        { file_name: 'good/b.png', label: 'good' },
        { file_name: 'good/a.png', label: 'bad' },
      ).slice(0, -15),
    },
    against,
    ['bad_row metadata.jsonl', 'unknown_file metadata.jsonl', 'contradiction good/a.png'],
  ],
  [
    'a damaged file that names no image of the set',
    { ...set, 'settings.json': '{"threshold": 0.5, "model"' },
    both,
    ['bad_file settings.json'],
  ],
  [
    'conversations whose last line is cut off',
    {
      ...set,
      'talks.jsonl': lines(
        { image: 'good/b.png', conversations: talk('Is there a defect?', 'No.') },
        { image: 'good/a.png', conversations: talk('Is there a defect?', 'Yes.') },
      ).slice(0, -25),
    },
    { 'bad/c.png': 'anomalous', 'good/a.png': 'unlabelled', 'good/b.png': 'normal' },
    ['bad_row talks.jsonl, line 2', 'unlabelled good/a.png', 'by_folder bad'],
  ],
  [
    'a table beside the folders that labels the rest',
    { ...set, 'x.png': '', 'y.png': '', 'labels.csv': 'image,label\nx.png,OK\ny.png,NG\n' },
    { ...both, 'x.png': 'normal', 'y.png': 'anomalous' },
    ['other_format labels.csv'],
  ],
  [
    'images right in train and test, and a table in each as Roboflow writes it',
    {
      ...lay('train/a.png', 'test/c.png'),
      'train/_classes.csv': 'filename, good, scratch\na.png, 1, 0\n',
      'test/_classes.csv': 'filename, good, scratch\nc.png, 0, 1\n',
    },
    { 'test/c.png': 'anomalous | scratch', 'train/a.png': 'normal' },
    [],
  ],
  [
    'images right in train and test beside their masks, as KolektorSDD2 has them',
    lay('train/1.png', 'train/1_GT.png', 'test/2.png', 'test/2_GT.png', 'test/3.png'),
    {
      'test/2.png': 'anomalous | mask test/2_GT.png',
      'test/3.png': 'unlabelled',
      'train/1.png': 'anomalous | mask train/1_GT.png',
    },
    ['by_mask the set', 'not_labelled test'],
  ],
  [
    'masks of the same name beside photos, as Real-IAD has them',
    lay('NG/S1/a.jpg', 'NG/S1/a.png', 'OK/S2/b.jpg', 'OK/S3/c.jpg', 'OK/S3/c.png'),
    {
      'NG/S1/a.jpg': 'anomalous | S1 | mask NG/S1/a.png',
      'OK/S2/b.jpg': 'normal',
      'OK/S3/c.jpg': 'normal | mask OK/S3/c.png',
    },
    [],
  ],
  [
    'positions in space beside pictures, as MVTec 3D has them',
    lay(
      ...['train/good/rgb/0.png', 'train/good/xyz/0.tiff', 'test/hole/rgb/1.png', 'test/hole/xyz/1.tiff'],
      ...['test/hole/gt/1.png', 'test/good/rgb/0.png', 'test/good/gt/0.png'],
    ),
    {
      'test/good/rgb/0.png': 'normal | mask test/good/gt/0.png',
      'test/hole/rgb/1.png': 'anomalous | hole | mask test/hole/gt/1.png',
      'train/good/rgb/0.png': 'normal',
    },
    ['not_needed test/hole/xyz', 'not_needed train/good/xyz'],
  ],
  [
    'masks of good images, which are those of the test, and drawings beside images',
    lay(
      ...['train/good/0.png', 'test/good/0.png', 'test/good/0_overlay.png', 'test/crack/1.png', 'heatmaps/1.png'],
      ...['ground_truth/good/0.png', 'ground_truth/crack/1.png'],
    ),
    {
      'test/crack/1.png': 'anomalous | crack | mask ground_truth/crack/1.png',
      'test/good/0.png': 'normal | mask ground_truth/good/0.png',
      'train/good/0.png': 'normal',
    },
    ['unused_picture heatmaps', 'unused_picture test/good'],
  ],
  [
    'a mask of one normal image, though folders tell nothing',
    lay('good/a.jpg', 'bad/b.jpg', 'SegmentationClass/a.png', 'SegmentationClass/b.png'),
    {
      'bad/b.jpg': 'anomalous | anomaly | mask SegmentationClass/b.png',
      'good/a.jpg': 'normal | mask SegmentationClass/a.png',
    },
    [],
  ],
  [
    'a table of 0 and 1 that parts a normal folder',
    { ...set, 'labels.csv': 'file_name,label\ngood/a.png,1\ngood/b.png,0\n' },
    { ...base, 'good/a.png': 'unlabelled', 'good/b.png': 'unlabelled' },
    ['unknown_choice labels.csv', 'contradiction good/a.png', 'contradiction good/b.png'],
  ],
  [
    'a record that names a mask of a normal image',
    { ...set, 'truth.json': [{ image: 'good/a.png', label: 'OK', mask: 'good/b.png' }] },
    against,
    ['unknown_file truth.json', 'contradiction good/a.png'],
  ],
  [
    'mirrored folders of masks',
    lay('images/a/b.png', 'images/c/b.png', 'labels/a/b.png', 'images/a/x.png'),
    {
      'images/a/b.png': 'anomalous | mask labels/a/b.png',
      'images/a/x.png': 'unlabelled',
      'images/c/b.png': 'unlabelled',
    },
    ['by_mask the set', 'not_labelled images/a', 'not_labelled images/c'],
  ],
  [
    'masks beside a table that says OK',
    {
      ...lay('images/a.png', 'images/b.png', 'masks/a.png', 'masks/b.png'),
      'labels.csv': 'image,label\na.png,OK\nb.png,NG\n',
    },
    { 'images/a.png': 'normal | mask masks/a.png', 'images/b.png': 'anomalous | mask masks/b.png' },
    [],
  ],
  [
    'a spreadsheet and other files of labels that are not read',
    lay('images/a.png', 'labels.xlsx', 'truth.mat', 'rows.parquet', 'manual.pdf'),
    { 'images/a.png': 'unlabelled' },
    ['not_labelled images', 'bad_file labels.xlsx', 'bad_file rows.parquet', 'bad_file truth.mat'],
  ],
  [
    'an array of Python beside every image',
    lay('images/a.png', ...Array.from({ length: 21 }, (_, index) => `arrays/${index}.npy`), '~$labels.xlsx'),
    { 'images/a.png': 'unlabelled' },
    ['not_labelled images', 'bad_file arrays'],
  ],
  [
    'thumbnails of images, in folders of people and of systems',
    lay('good/a.png', 'good/thumbs/a.png', 'bad/b.png', 'bad/@eaDir/b.png/SYNOPHOTO_THUMB_M.jpg', 'good/.small/a.png'),
    { 'bad/b.png': 'anomalous | anomaly', 'good/a.png': 'normal' },
    ['not_needed good', 'not_needed bad/@eaDir', 'not_needed good/thumbs'],
  ],
  [
    'images in a folder called like one of thumbnails, with label files of their own',
    { ...lay('images/Thumbs/a.png', 'images/a.png'), 'labels/Thumbs/a.txt': '0 0.5 0.5 0.1 0.1', 'labels/a.txt': '' },
    { 'images/Thumbs/a.png': 'anomalous | class 0 | class 0 192 at 72 54 16 12', 'images/a.png': 'normal' },
    [],
  ],
  [
    'a set that is called like thumbnails',
    lay('thumbs/good/a.png', 'thumbs/bad/b.png'),
    { 'bad/b.png': 'anomalous | anomaly', 'good/a.png': 'normal' },
    [],
  ],
  [
    'depths beside pictures',
    lay('part/train/good/rgb/0.png', 'part/test/bent/rgb/0.png', 'part/test/bent/depth/0.png'),
    { 'part/train/good/rgb/0.png': 'normal', 'part/test/bent/rgb/0.png': 'anomalous | bent' },
    ['not_needed part/test/bent/depth'],
  ],
  [
    'a file that says what is looked for',
    { ...set, 'list.json': [{ image: 'good/a.png', task: 'defect detection', question: 'Is there a scratch?' }] },
    both,
    ['unknown_file list.json'],
  ],
  ['files that are about something else', { ...set, 'info.json': { made: 2024, defects: ['scratch'] } }, both, []],
])('%s', async (_, files, items, problems) => {
  expect(await readFiles(files)).toEqual({ items, problems });
});
