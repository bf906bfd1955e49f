import { type Files, readFiles } from '../../../support/read-files';

/**
 * Files as further tools and their users leave them: what is read, and what is told so that no image is normal, and
 * none lost, without a word.
 */
const square = { x: 10, y: 10, width: 20, height: 20 };
const coco = (names: readonly string[], ids: readonly number[]) => ({
  images: names.map((file_name, id) => ({ id, file_name, width: 160, height: 120 })),
  annotations: ids.map((image_id) => ({ image_id, category_id: 1, bbox: [10, 10, 20, 20] })),
  categories: [{ id: 1, name: 'scratch' }],
});
const voc =
  '<annotation><object><name>scratch</name><bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>';
const region = { rectanglelabels: ['scratch'], x: 10, y: 10, width: 10, height: 10, rotation: 0 };
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const lay = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));
const folders = lay('good/a.png', 'good/b.png', 'bad/c.png');
const base = { 'bad/c.png': 'anomalous | anomaly', 'good/b.png': 'normal' };
const [asSaid, against] = ['normal', 'unlabelled'].map((label) => ({ ...base, 'good/a.png': label }));
const open = { 'a.png': 'unlabelled', 'b.png': 'unlabelled' };
const two = lay('a.png', 'b.png');
const talk = (images: unknown, question: string, answer: string) => ({
  images,
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});

test.each<[string, Files, Record<string, string> | undefined, RegExp[]]>([
  [
    'Roboflow: a COCO file in each part',
    {
      ...lay('train/a.jpg', 'train/b.jpg', 'valid/c.jpg'),
      'train/_annotations.coco.json': coco(['a.jpg', 'b.jpg'], [0]),
      'valid/_annotations.coco.json': coco(['c.jpg'], []),
    },
    { 'train/a.jpg': scratch, 'train/b.jpg': 'normal', 'valid/c.jpg': 'normal' },
    [],
  ],
  [
    'Roboflow: YOLO with paths beside the set',
    {
      ...lay('ds/train/images/a.jpg', 'ds/valid/images/b.jpg'),
      'ds/train/labels/a.txt': '0 0.125 0.16666667 0.125 0.16666667',
      'ds/valid/labels/b.txt': '',
      'ds/data.yaml': 'train: ../train/images\nval: ../valid/images\nnc: 1\nnames: ["scratch"]\n',
    },
    { 'train/images/a.jpg': scratch, 'valid/images/b.jpg': 'normal' },
    [],
  ],
  [
    'Roboflow: TensorFlow’s table, which names no image without a box',
    {
      ...lay('train/a.jpg', 'train/b.jpg'),
      'train/_annotations.csv': 'filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,160,120,scratch,10,10,30,30\n',
    },
    { 'train/a.jpg': scratch, 'train/b.jpg': 'unlabelled' },
    [/^not_labelled train$/],
  ],
  [
    'CreateML beside folders',
    { ...folders, 'x.json': [{ image: 'good/a.png', annotations: [{ label: 'scratch', coordinates: square }] }] },
    { ...base, 'bad/c.png': 'anomalous', 'good/a.png': 'anomalous | scratch | scratch 400 at 0 0 20 20' },
    [/^by_folder good$/, /^by_folder bad$/],
  ],
  [
    'BDD, ISAT, Datumaro and Supervisely about the same images: what is damaged in one is not normal',
    {
      ...two,
      'bdd.json': [{ name: 'a.png', labels: [{ category: 'scratch', box2d: { x1: 1, y1: 1, x2: 9, y2: 9 } }] }],
      'b.json': { info: { name: 'b.png' }, objects: [{ category: 'scratch', segmentation: [[1, 1]] }] },
      'datumaro.json': { categories: {}, items: [{ id: 'a', annotations: [{ type: 'bbox', bbox: [1, 1, 5, 5] }] }] },
      'ann/a.png.json': { size: { width: 160, height: 120 }, objects: [{ classTitle: 'scratch', points: {} }] },
    },
    { ...open, 'a.png': 'anomalous | anomaly | anomaly 25 at 1 1 5 5' },
    [/^bad_row ann\/a\.png\.json, record 0$/, /^bad_row b\.json, record 0$/],
  ],
  [
    'Label Studio: one task of JSON-MIN in a file',
    {
      ...lay('a.png'),
      'p.json': {
        ...{ image: '/data/upload/a.png', id: 1, annotator: 1, annotation_id: 1 },
        label: [{ ...region, original_width: 160, original_height: 120 }],
      },
    },
    { 'a.png': 'anomalous | scratch | scratch 192 at 16 12 16 12' },
    [],
  ],
  [
    'Label Studio: names with the digits that an upload puts in front',
    {
      ...two,
      'p.json': [
        ['0a1b2c3d-a.png', [{ type: 'rectanglelabels', value: region }]],
        ['deadbeef-b.png', []],
      ].map(([name, result]) => ({ data: { image: `/data/upload/1/${String(name)}` }, annotations: [{ result }] })),
    },
    { 'a.png': 'anomalous | scratch | scratch 192 at 16 12 16 12', 'b.png': 'normal' },
    [],
  ],
  [
    'Label Studio: CSV, whose regions are JSON in a cell',
    { ...two, 'p.csv': 'image,id,label\na.png,1,"[{""x"":10,""rectanglelabels"":[""scratch""]}]"\nb.png,2,\n' },
    open,
    [/^unlabelled a\.png$/],
  ],
  [
    'a conversation about two images',
    { ...two, 'x.jsonl': JSON.stringify(talk(['b.png', 'a.png'], 'Is there a defect in the second one?', 'No.')) },
    open,
    [/^unlabelled a\.png$/, /^unlabelled b\.png$/],
  ],
  [
    'a conversation about one image that is named twice',
    { ...lay('a.png'), 'x.jsonl': JSON.stringify(talk(['a.png', 'a.png'], 'Is there a defect?', 'No.')) },
    { 'a.png': 'normal' },
    [],
  ],
  [
    'captions',
    { ...two, 'x.jsonl': '{"image": "a.png", "caption": "A scratch."}\n' },
    open,
    [/^unknown_file x\.jsonl/],
  ],
  [
    'GeoJSON beside an image in a normal folder',
    {
      ...folders,
      'good/a.geojson': { features: [{ geometry: { type: 'Polygon', coordinates: [[[1, 1]]] } }], type: 'Features' },
    },
    against,
    [/^contradiction good\/a\.png$/, /^unknown_file good$/],
  ],
  [
    'notes beside images in normal folders',
    { ...folders, 'good/a.txt': 'A scratch at the left edge.\n', 'good/b.txt': 'Seen by M.\n' },
    against,
    [/^contradiction good\/a\.png$/, /^unknown_file good$/],
  ],
  [
    'XML of no known format, with the class as an attribute',
    { ...folders, 'good/a.xml': '<image><object class="scratch" x="1"/></image>', 'good/b.xml': '<image/>' },
    against,
    [/^contradiction good\/a\.png$/, /^unknown_file good$/],
  ],
  [
    'a file of another tool beside an image, and notes that are about no image',
    { ...folders, 'good/a.roi': 'Iout', 'notes.txt': 'scratches are in bad' },
    asSaid,
    [/^unknown_file good$/],
  ],
  [
    'a verdict in a text beside each image',
    { ...two, 'a.txt': 'NG', 'b.txt': 'OK' },
    open,
    [/^unknown_file \.$/, /^not_labelled \.$/],
  ],
  [
    'notes beside images that no file labels, in a normal folder among others',
    { ...lay('x/a.png', 'x/good/b.png', 'x/good/c.png'), 'x/good/b.txt': 'Cracked.' },
    undefined,
    [/^unknown_file x\/good$|^contradiction/],
  ],
  [
    'VOC after many XML files of other kinds',
    {
      ...folders,
      ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`0/${i}.xml`, '<x/>'])),
      'good/a.xml': voc,
    },
    { 'bad/c.png': 'anomalous', 'good/a.png': scratch, 'good/b.png': 'normal' },
    [],
  ],
  [
    'pictures, films and archives that are not read',
    {
      ...folders,
      ...lay('good/d.dcm', 'bad/e.pgm', 'f.mp4', 'g.zip', 'h.json.gz', 'good/i.CR2', 'good/j.jp2', 'k.7z'),
    },
    asSaid,
    ['good/d.dcm', 'bad/e.pgm', 'f.mp4', 'g.zip', 'h.json.gz', 'good/i.CR2', 'good/j.jp2', 'k.7z'].map(
      (file) => new RegExp(`^unread_format ${file}$`),
    ),
  ],
  [
    'masks with the whole name of their image',
    lay('images/a.jpg', 'images/b.jpg', 'masks/a.jpg.png'),
    { 'images/a.jpg': 'anomalous | mask masks/a.jpg.png', 'images/b.jpg': 'unlabelled' },
    [/^by_mask/],
  ],
  [
    'CVAT: tags, and names without an ending',
    {
      ...two,
      'annotations.xml':
        '<annotations><image id="0" name="a"><tag label="NG"/></image><image id="1" name="b"><tag label="OK"/></image></annotations>',
    },
    { 'a.png': 'anomalous', 'b.png': 'normal' },
    [],
  ],
  [
    'a quoted cell that goes on in the next line',
    { ...two, 'l.csv': 'image;label;note\r\na.png;OK;"x\r\ny"\r\nb.png;NG;z\r\n' },
    { 'a.png': 'unlabelled', 'b.png': 'anomalous' },
    [/^bad_row l\.csv, line 2$/],
  ],
  [
    'boxes in per cent',
    { ...two, 'l.csv': 'image,class,x,y,w,h\na.png,scratch,10%,10%,20%,20%\nb.png,scratch,1,1,5,5\n' },
    { 'a.png': 'unlabelled', 'b.png': 'anomalous | scratch | scratch 25 at 1 1 5 5' },
    [/^bad_row l\.csv, line 2$/],
  ],
  [
    'German verdicts by paths of Windows',
    { ...two, 'l.csv': 'Pfad;Ergebnis\nC:\\Bilder\\a.png;n.i.O.\nC:\\Bilder\\b.png;i.O.\n' },
    { 'a.png': 'anomalous', 'b.png': 'normal' },
    [],
  ],
  [
    'Open Images: fractions, and names without an ending',
    { ...two, 'b.csv': 'ImageID,LabelName,XMin,XMax,YMin,YMax\na,scratch,0.0625,0.1875,0.083333333,0.25\n' },
    { 'a.png': scratch, 'b.png': 'unlabelled' },
    [/^not_labelled \.$/],
  ],
  [
    'KITTI',
    { ...lay('images/a.png', 'images/b.png'), 'labels/a.txt': 'scratch 0.00 0 0.0 10 10 30 30 0 0 0 0 0 0 0\n' },
    { 'images/a.png': 'unlabelled', 'images/b.png': 'unlabelled' },
    [/^bad_row labels\/a\.txt, line 1$/],
  ],
  [
    'FiftyOne: classes of images, and its own samples',
    { ...lay('data/a.png', 'data/b.png'), 'labels.json': { classes: ['good', 'bad'], labels: { a: 1, b: 0 } } },
    { 'data/a.png': 'unlabelled', 'data/b.png': 'unlabelled' },
    [/^unknown_file labels\.json$/],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  if (items !== undefined) {
    expect(found.items).toEqual(items);
  }
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  expect(problems.length > 0 || found.problems.every((problem) => /^by_folder/.test(problem))).toBe(true);
});
