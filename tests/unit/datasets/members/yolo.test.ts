import { type Files, readFiles } from '../../../support/read-files';

/** Further members of the kinds of `../import/cases.test.ts` in YOLO sets. */
const ROW = '0 0.5 0.5 0.25 0.25';
const box = 'anomalous | scratch | scratch 1200 at 60 45 40 30';
const YAML = 'train: images\nval: images\nnames: [scratch, dent]\n';
const yolo = (row: string | Uint8Array, yaml: string | Uint8Array = YAML): Files => ({
  'data.yaml': yaml,
  'images/a.png': '',
  'labels/a.txt': row,
});
const A = 'images/a.png';

test.each<[string, Files, Record<string, string>, RegExp[]]>([
  ['tabs, spaces at the ends and Windows line ends', yolo('0\t0.5\t0.5\t0.25\t0.25 \r\n\r\n'), { [A]: box }, []],
  ['commas between the numbers', yolo('0,0.5,0.5,0.25,0.25\n'), { [A]: box }, []],
  ['semicolons and decimal commas', yolo('0;0,5;0,5;0,25;0,25\n'), { [A]: box }, []],
  ['a sixth column, the confidence', yolo(`${ROW} 0.93`), { [A]: box }, []],
  [
    'a track at the end',
    yolo(`${ROW} 0.93 17`),
    { [A]: 'unlabelled' },
    [/^bad_row labels\/a\.txt, line 1/, /^unlabelled/],
  ],
  [
    'a track at the end, where other rows are boxes',
    { ...yolo(`${ROW} 0.93 17`), 'images/b.png': '', 'labels/b.txt': ROW },
    { [A]: box, 'images/b.png': box },
    [],
  ],
  [
    'a confidence and the track 1, which could be three points',
    yolo('0 0.5 0.5 0.2 0.1 0.87 1'),
    { [A]: 'unlabelled' },
    [/^bad_row labels\/a\.txt, line 1/, /^unlabelled/],
  ],
  [
    'three points, where other rows are outlines',
    {
      ...yolo('0 0.25 0.25 0.5 0.25 0.25 0.5'),
      'images/b.png': '',
      'labels/b.txt': '0 0.25 0.25 0.5 0.25 0.5 0.5 0.25 0.5',
    },
    {
      [A]: expect.stringContaining('at 40 30') as string,
      'images/b.png': 'anomalous | scratch | scratch 1200 at 40 30 40 30',
    },
    [],
  ],
  [
    'six numbers among boxes and outlines',
    {
      ...yolo('0 0.25 0.25 0.5 0.25 0.25 0.5'),
      'images/b.png': '',
      'labels/b.txt': `${ROW}\n0 0.25 0.25 0.5 0.25 0.5 0.5 0.25 0.5`,
    },
    { [A]: 'unlabelled', 'images/b.png': expect.stringContaining('anomalous') as string },
    [/^bad_row labels\/a\.txt, line 1/],
  ],
  [
    'a box with an angle',
    yolo('0 0.5 0.5 0.25 0.25 -0.7'),
    { [A]: 'unlabelled' },
    [/^bad_row labels\/a\.txt, line 1/, /^unlabelled/],
  ],
  [
    'a turned box of nine numbers',
    yolo('0 0.25 0.25 0.5 0.25 0.5 0.5 0.25 0.5'),
    { [A]: 'anomalous | scratch | scratch 1200 at 40 30 40 30' },
    [],
  ],
  [
    'a turned box in pixels with its class at the end, as DOTA has it',
    yolo('imagesource:GoogleEarth\ngsd:0.1\n40 30 80 30 80 60 40 60 scratch 0'),
    { [A]: 'unlabelled' },
    [/^bad_row/, /^unlabelled/],
  ],
  [
    'a class beyond the names',
    yolo('7 0.5 0.5 0.25 0.25'),
    { [A]: 'anomalous | class 7 | class 7 1200 at 60 45 40 30' },
    [/^unknown_class/],
  ],
  ['a negative class', yolo('-1 0.5 0.5 0.25 0.25'), { [A]: 'unlabelled' }, [/^bad_row/, /^unlabelled/]],
  ['numbers in pixels', yolo('0 80 60 40 30'), { [A]: 'unlabelled' }, [/^bad_row/, /^unlabelled/]],
  ['a box without a width', yolo('0 0.5 0.5 0 0.25'), { [A]: 'unlabelled' }, [/^bad_row/, /^unlabelled/]],
  ['NaN', yolo('0 nan 0.5 0.25 0.25'), { [A]: 'unlabelled' }, [/^bad_row/, /^unlabelled/]],
  ['a byte order mark before the row', yolo(`\ufeff${ROW}`), { [A]: box }, []],
  ['rows in UTF-16', yolo(Buffer.from(`\ufeff${ROW}\r\n`, 'utf16le')), { [A]: box }, []],
  ['rows in UTF-16 without its mark', yolo(Buffer.from(`${ROW}\r\n`, 'utf16le')), { [A]: box }, []],
  ['notes behind a number sign', yolo(`# made by hand\n${ROW}\n`), { [A]: box }, []],
  ['a head of words', yolo(`class x y w h\n${ROW}\n`), { [A]: box }, [/^bad_row labels\/a\.txt, line 1/]],
  [
    'an empty file is background where others are annotated',
    { ...yolo(ROW), 'images/b.png': '', 'labels/b.txt': '' },
    { [A]: box, 'images/b.png': 'normal' },
    [],
  ],
  ['only empty files say nothing', yolo(''), { [A]: 'unlabelled' }, [/^nothing_annotated/]],
  [
    'a file of spaces and line ends is empty',
    { ...yolo(ROW), 'images/b.png': '', 'labels/b.txt': ' \r\n\t\n' },
    { [A]: box, 'images/b.png': 'normal' },
    [],
  ],
  [
    'rows that belong to no image may be those of an image without a file',
    { ...yolo(ROW), 'images/b.png': '', 'labels/B-copy.txt': ROW },
    { [A]: box, 'images/b.png': 'unlabelled' },
    [/^missing_image labels\/B-copy\.txt/, /^unlabelled images\/b\.png/],
  ],
  ['names as a map with text keys', yolo(ROW, "names: {'0': scratch, '1': dent}\ntrain: images\n"), { [A]: box }, []],
  ['names as a list below the key', yolo(ROW, 'nc: 2\nnames:\n- scratch\n- dent\n'), { [A]: box }, []],
  [
    'names in a file that the YAML file names',
    { ...yolo(ROW, 'names: obj.names\ntrain: images\n'), 'obj.names': 'scratch\ndent\n' },
    { [A]: box },
    [],
  ],
  ['names as one text', yolo(ROW, 'names: scratch, dent\ntrain: images\n'), { [A]: box }, []],
  [
    'names that YAML takes for true and numbers',
    yolo(ROW, 'names: [no, 12]\n'),
    { [A]: 'anomalous | no | no 1200 at 60 45 40 30' },
    [],
  ],
  ['a class called good', yolo(ROW, 'names: [good]\n'), { [A]: 'normal' }, []],
  [
    'Windows paths',
    yolo(ROW, 'path: C:\\sets\\bolts\ntrain: C:\\sets\\bolts\\images\nval: ..\\images\nnames: [scratch]\n'),
    { [A]: box },
    [],
  ],
  [
    'a list of folders',
    yolo(ROW, 'train: [images, more/images]\nval:\n  - images\nnames: [scratch]\n'),
    { [A]: box },
    [],
  ],
  [
    'lists of images with paths of another machine',
    {
      ...yolo(ROW, 'train: train.txt\nval: val.txt\nnames: [scratch]\n'),
      'images/b.png': '',
      'labels/b.txt': '',
      'train.txt': '/home/x/images/a.png\r\n',
      'val.txt': 'D:\\sets\\images\\b.png\n',
    },
    { [A]: box, 'images/b.png': 'normal' },
    [],
  ],
  [
    'a YAML file that is none, beside rows that can be read',
    yolo(ROW, 'names: [scratch\n\ttrain: x: y'),
    { [A]: 'anomalous | class 0 | class 0 1200 at 60 45 40 30' },
    [/^bad_file data\.yaml/],
  ],
  ['a YAML file with a byte order mark', yolo(ROW, `\ufeff${YAML}`), { [A]: box }, []],
  [
    'a YAML file in Windows-1252',
    yolo(ROW, Buffer.from('names: [Ri\xdf, dent]\n', 'latin1')),
    { [A]: 'anomalous | Riß | Riß 1200 at 60 45 40 30' },
    [/^encoding data\.yaml/],
  ],
  [
    'folders in capitals',
    { 'Images/A.JPG': '', 'Labels/A.TXT': ROW, 'classes.txt': 'scratch\n' },
    { 'Images/A.JPG': box },
    [],
  ],
  [
    'two images of one stem share the file',
    { ...yolo(ROW), 'images/a.jpg': '' },
    { [A]: box, 'images/a.jpg': box },
    [],
  ],
  [
    'rows in a folder called annotations',
    {
      'images/a.png': '',
      'images/b.png': '',
      'annotations/a.txt': ROW,
      'annotations/b.txt': '',
      'classes.txt': 'scratch',
    },
    { [A]: box, 'images/b.png': 'normal' },
    [],
  ],
  [
    'splits above images and labels',
    {
      'train/images/a.png': '',
      'train/labels/a.txt': ROW,
      'valid/images/b.png': '',
      'valid/labels/b.txt': '',
      'data.yaml': 'names: [scratch]\ntrain: ../train/images\nval: ../valid/images\n',
    },
    { 'train/images/a.png': box, 'valid/images/b.png': 'normal' },
    [],
  ],
  [
    'poses of two numbers a point',
    yolo('0 0.5 0.5 0.25 0.25 0.4 0.4 0.6 0.6', 'names: [scratch]\nkpt_shape: [2, 2]\n'),
    { [A]: box },
    [],
  ],
  [
    'a file that is binary',
    yolo(Buffer.from([0x89, 0x50, 0, 1, 2, 255, 254, 0])),
    { [A]: 'unlabelled' },
    [/^bad_row/, /^unlabelled/],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  if (problems.length === 0) {
    expect(found.problems).toEqual([]);
  }
});
