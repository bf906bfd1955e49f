import { type Files, readFiles } from '../../../support/read-files';

/** Sets whose images are labelled by files of several formats, or by files and folders. */
const labelme = (image: string, shapes: object[]) => ({ version: '5', imagePath: image, imageData: null, shapes });
const shape = {
  label: 'scratch',
  points: [
    [10, 10],
    [30, 10],
    [30, 30],
    [10, 30],
  ],
};
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const coco = (names: readonly string[], annotated: readonly number[]) => ({
  images: names.map((file_name, id) => ({ id, file_name, width: 160, height: 120 })),
  annotations: annotated.map((image_id) => ({ id: image_id, image_id, category_id: 1, bbox: [10, 10, 20, 20] })),
  categories: [{ id: 1, name: 'scratch' }],
});
const task = (image: string, choice: string) => ({
  data: { image },
  annotations: [{ result: [{ type: 'choices', from_name: 'verdict', value: { choices: [choice] } }] }],
});
const row = '0 0.125 0.16666667 0.125 0.16666667';

test.each<[string, Files, Record<string, string>, RegExp[]]>([
  [
    'COCO that calls an image normal for which there are YOLO rows',
    {
      'images/a.png': '',
      'images/b.png': '',
      'x.json': coco(['a.png', 'b.png'], [0]),
      'labels/a.txt': row,
      'labels/b.txt': row,
    },
    { 'images/a.png': scratch, 'images/b.png': 'unlabelled' },
    [/^contradiction images\/b\.png/],
  ],
  [
    'images of which each has a file of another format',
    {
      'a.png': '',
      'b.png': '',
      'c.png': '',
      'x.json': coco(['a.png'], [0]),
      'b.json': labelme('b.png', [shape]),
      'c.xml':
        '<annotation><object><name>scratch</name><bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>',
    },
    { 'a.png': scratch, 'b.png': scratch, 'c.png': scratch },
    [/^other_format the set/],
  ],
  [
    'the same in two formats counts once',
    {
      'images/a.png': '',
      'images/b.png': '',
      'x.json': coco(['a.png', 'b.png'], [0]),
      'labels/a.txt': row,
      'labels/b.txt': '',
    },
    { 'images/a.png': scratch, 'images/b.png': 'normal' },
    [],
  ],
  [
    'choices in one format, outlines in the other',
    {
      'a.png': '',
      'b.png': '',
      'tasks.json': [task('a.png', 'NG'), task('b.png', 'OK')],
      'a.json': labelme('a.png', [shape]),
    },
    { 'a.png': scratch, 'b.png': 'normal' },
    [/^other_format the set/],
  ],
  [
    'a COCO file without annotations beside YOLO rows',
    {
      'images/a.png': '',
      'images/b.png': '',
      'x.json': coco(['a.png', 'b.png'], []),
      'labels/a.txt': row,
      'labels/b.txt': '',
    },
    { 'images/a.png': 'anomalous | class 0 | class 0 400 at 10 10 20 20', 'images/b.png': 'normal' },
    [/^other_format the set/],
  ],
  [
    'an annotation that cannot be read, and one that can in another format',
    {
      'images/a.png': '',
      'images/b.png': '',
      'x.json': {
        ...coco(['a.png', 'b.png'], [0]),
        annotations: [{ id: 1, image_id: 0, category_id: 1, bbox: ['x', 1] }],
      },
      'labels/a.txt': row,
      'labels/b.txt': 'x y',
    },
    { 'images/a.png': 'anomalous | class 0 | class 0 400 at 10 10 20 20', 'images/b.png': 'unlabelled' },
    [/^bad_row x\.json, annotation 0/],
  ],
  [
    'an empty COCO image whose YOLO row cannot be read, or that a table leaves open',
    {
      'images/a.png': '',
      'images/b.png': '',
      'images/c.png': '',
      'x.json': coco(['a.png', 'b.png', 'c.png'], [0]),
      'labels/a.txt': row,
      'labels/b.txt': '0 x y z w',
      'labels.csv': 'image,label\nimages/c.png,unsure\nimages/a.png,NG\n',
    },
    { 'images/a.png': scratch, 'images/b.png': 'unlabelled', 'images/c.png': 'unlabelled' },
    [/^bad_row labels\/b\.txt, line 1/, /^unlabelled images\/b\.png/, /^unlabelled images\/c\.png/],
  ],
  [
    'COCO boxes beside a table that says OK, and beside rows of YOLO that are empty',
    {
      'images/a.png': '',
      'images/b.png': '',
      'x.json': coco(['a.png', 'b.png'], [0, 1]),
      'labels.csv': 'image,label\na.png,OK\nb.png,NG\n',
      'labels/b.txt': '',
      'labels/a.txt': row,
    },
    { 'images/a.png': 'unlabelled | scratch 400 at 10 10 20 20', 'images/b.png': scratch },
    [/^contradiction images\/a\.png$/, /^other_format the set$/],
  ],
  [
    'conversations without a yes or a no, of which a table labels one',
    {
      'a.png': '',
      'b.png': '',
      'talk.json': ['a.png', 'b.png'].map((image) => ({
        image,
        conversations: [
          { from: 'human', value: 'What is it?' },
          { from: 'gpt', value: 'A bolt.' },
        ],
      })),
      'labels.csv': 'image,label\na.png,NG\n',
    },
    { 'a.png': 'anomalous', 'b.png': 'unlabelled' },
    [/^unknown_answer talk\.json$/, /^other_format the set$/],
  ],
  [
    'a table about something else beside COCO',
    {
      'a.png': '',
      'b.png': '',
      'x.json': coco(['a.png', 'b.png'], [0]),
      'parts.csv': 'image,class\na.png,bolt\nb.png,nut\n',
    },
    { 'a.png': scratch, 'b.png': 'normal' },
    [],
  ],
  [
    'labelme files beside the defects alone, and folders that say the rest',
    { 'OK/a.png': '', 'NG/b.png': '', 'NG/b.json': labelme('b.png', [shape]), 'NG/c.png': '' },
    { 'NG/b.png': scratch, 'NG/c.png': 'anomalous', 'OK/a.png': 'normal' },
    [/^by_folder OK/, /^by_folder NG/],
  ],
  [
    'a labelme file without shapes in a folder of defects',
    { 'NG/b.png': '', 'NG/b.json': labelme('b.png', [shape]), 'NG/c.png': '', 'NG/c.json': labelme('c.png', []) },
    { 'NG/b.png': scratch, 'NG/c.png': 'unlabelled' },
    [/^contradiction NG\/c\.png/],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  if (problems.length === 0) {
    expect(found.problems).toEqual([]);
  }
});
