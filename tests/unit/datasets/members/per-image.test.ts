import { type Files, readFiles } from '../../../support/read-files';

/** Further members of the kinds of `../import/cases.test.ts` in files of Pascal VOC, CVAT and labelme. */
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const BOX = '<xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>30</ymax>';
const object = (inner: string, name = 'scratch') => `<object><name>${name}</name>${inner}</object>`;
const boxed = object(`<bndbox>${BOX}</bndbox>`);
const voc = (inner: string, head = '<filename>a.png</filename>'): Files => ({
  'a.png': '',
  'a.xml': `<annotation>${head}${inner}</annotation>`,
});
const check = async (files: Files, items: Record<string, string>, problems: readonly RegExp[]) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  if (problems.length === 0) {
    expect(found.problems).toEqual([]);
  }
};

describe('Pascal VOC', () => {
  test.each<[string, Files, Record<string, string>, RegExp[]]>([
    ['boxes of floats', voc(object(`<bndbox>${BOX.replaceAll('0<', '0.0<')}</bndbox>`)), { 'a.png': scratch }, []],
    [
      'corners in another order',
      voc(object('<bndbox><xmax>30</xmax><ymax>30</ymax><xmin>10</xmin><ymin>10</ymin></bndbox>')),
      { 'a.png': scratch },
      [],
    ],
    [
      'a size of nothing',
      voc(boxed, '<filename>a.png</filename><size><width>0</width><height>0</height></size>'),
      { 'a.png': scratch },
      [],
    ],
    [
      'elements with a prefix',
      voc(`<x:object><x:name>scratch</x:name><x:bndbox>${BOX}</x:bndbox></x:object>`),
      { 'a.png': scratch },
      [],
    ],
    ['no size at all, no name', voc(boxed, ''), { 'a.png': scratch }, []],
    [
      'masks of segmentation, one without objects, and drawings of them',
      {
        ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`JPEGImages/${name}.jpg`, ''])),
        ...Object.fromEntries(['a', 'b'].map((name) => [`SegmentationClass/${name}.png`, ''])),
        'SegmentationClassVisualization/c.jpg': '',
        'Annotations/a.xml': '<annotation><filename>a.jpg</filename><segmented>1</segmented></annotation>',
        'Annotations/b.xml': `<annotation><filename>b.jpg</filename>${boxed}</annotation>`,
        'Annotations/c.xml': '<annotation><filename>c.jpg</filename></annotation>',
      },
      {
        'JPEGImages/a.jpg': 'anomalous | mask SegmentationClass/a.png',
        'JPEGImages/b.jpg': scratch,
        'JPEGImages/c.jpg': 'normal',
      },
      [/^by_mask/, /^unused_picture SegmentationClass$/],
    ],
    [
      'folders of label files that mirror those of images',
      {
        'images/cam1/1.jpg': '',
        'images/cam2/1.jpg': '',
        'Annotations/cam1/1.xml': `<annotation><filename>1.jpg</filename>${boxed}</annotation>`,
        'Annotations/cam2/1.xml': '<annotation><filename>1.jpg</filename></annotation>',
      },
      { 'images/cam1/1.jpg': scratch, 'images/cam2/1.jpg': 'normal' },
      [],
    ],
    [
      'a name without an ending, with a path of another machine',
      voc(boxed, '<filename>a</filename><path>C:\\sets\\a.jpg</path>'),
      { 'a.png': scratch },
      [],
    ],
    [
      'an ampersand that is none of XML',
      voc(boxed, '<folder>R&D</folder><filename>a.png</filename>'),
      { 'a.png': scratch },
      [],
    ],
    [
      'an encoding that it states',
      {
        'a.png': '',
        'a.xml': Buffer.concat([
          Buffer.from('<?xml version="1.0" encoding="GB2312"?><annotation><object><name>'),
          Buffer.from([0xbb, 0xae, 0xba, 0xdb]),
          Buffer.from(`</name><bndbox>${BOX}</bndbox></object></annotation>`),
        ]),
      },
      { 'a.png': 'anomalous | 划痕 | 划痕 400 at 10 10 20 20' },
      [/^encoding a\.xml/],
    ],
    [
      'UTF-16',
      { 'a.png': '', 'a.xml': Buffer.from(`\ufeff<annotation>${boxed}</annotation>`, 'utf16le') },
      { 'a.png': scratch },
      [],
    ],
    [
      'an outline of numbered points',
      voc(
        object(
          `<polygon><x1>10</x1><y1>10</y1><x2>30</x2><y2>10</y2><x3>30</x3><y3>30</y3><x4>10</x4><y4>30</y4></polygon><bndbox>${BOX}</bndbox>`,
        ),
      ),
      { 'a.png': scratch },
      [],
    ],
    [
      'the LabelMe of the web: points, who drew them, what was deleted',
      voc(
        object(
          '<deleted>0</deleted><polygon><username>x</username><pt><x>10</x><y>10</y></pt><pt><x>30</x><y>10</y></pt><pt><x>30</x><y>30</y></pt><pt><x>10</x><y>30</y></pt></polygon>',
        ) +
          object(
            '<deleted>1</deleted><polygon><pt><x>50</x><y>50</y></pt><pt><x>60</x><y>50</y></pt><pt><x>60</x><y>60</y></pt></polygon>',
          ),
      ),
      { 'a.png': scratch },
      [],
    ],
    [
      'an outline that is damaged beside a box that is not',
      voc(object(`<polygon><x1>10</x1></polygon><bndbox>${BOX}</bndbox>`)),
      { 'a.png': scratch },
      [],
    ],
    ['an object without a place', voc(object('')), { 'a.png': 'anomalous | scratch' }, [/^no_region/]],
    ['an object called good', voc(object(`<bndbox>${BOX}</bndbox>`, 'good')), { 'a.png': 'normal' }, []],
    [
      'a box with one corner missing',
      voc(object('<bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax></bndbox>')),
      { 'a.png': 'unlabelled' },
      [/^bad_row a\.xml, line 1/, /^unlabelled/],
    ],
    [
      'a file that is cut off',
      { 'a.png': '', 'b.png': '', 'a.xml': `<annotation>${boxed}`, 'b.xml': `<annotation>${boxed}</annotation>` },
      { 'a.png': 'unlabelled', 'b.png': scratch },
      [/^bad_file a\.xml/],
    ],
    [
      'an empty file',
      { 'a.png': '', 'b.png': '', 'a.xml': '', 'b.xml': `<annotation>${boxed}</annotation>` },
      { 'a.png': 'unlabelled', 'b.png': scratch },
      [/^bad_file a\.xml/],
    ],
    [
      'no object is normal where others are annotated',
      {
        'a.png': '',
        'b.png': '',
        'a.xml': '<annotation><filename>a.png</filename></annotation>',
        'b.xml': `<annotation>${boxed}</annotation>`,
      },
      { 'a.png': 'normal', 'b.png': scratch },
      [],
    ],
    [
      'capitals in the ending',
      { 'JPEGImages/A.JPG': '', 'Annotations/A.XML': `<annotation><filename>a.jpg</filename>${boxed}</annotation>` },
      { 'JPEGImages/A.JPG': scratch },
      [],
    ],
  ])('%s', (_, files, items, problems) => check(files, items, problems));
});

describe('CVAT', () => {
  const cvat = (inner: string): Files => ({
    'a.png': '',
    'b.png': '',
    'annotations.xml': `<annotations>${inner}</annotations>`,
  });
  const image = (inner: string) =>
    `<image id="0" name="a.png" width="160" height="120">${inner}</image><image id="1" name="b.png" width="160" height="120"><box label="dent" xtl="1" ytl="1" xbr="2" ybr="2"/></image>`;
  const b = { 'b.png': 'anomalous | dent | dent 1 at 1 1 1 1' };
  test.each<[string, Files, Record<string, string>, RegExp[]]>([
    [
      'subsets with images of one name',
      {
        'images/train/1.png': '',
        'images/val/1.png': '',
        'annotations.xml':
          '<annotations><image id="0" name="1.png" subset="train"><box label="scratch" xtl="10" ytl="10" xbr="30" ybr="30"/></image><image id="1" name="1.png" subset="val"/></annotations>',
      },
      { 'images/train/1.png': scratch, 'images/val/1.png': 'normal' },
      [],
    ],
    [
      'a skeleton has a class and no place',
      cvat(image('<skeleton label="scratch"><points label="1" points="10,10"/></skeleton>')),
      { 'a.png': 'anomalous | scratch', ...b },
      [/^no_region/],
    ],
    [
      'a cuboid',
      cvat(image('<cuboid label="scratch" xtl1="1" ytl1="1"/>')),
      { 'a.png': 'anomalous | scratch', ...b },
      [/^no_region/],
    ],
    [
      'a mask of run lengths',
      cvat(image('<mask label="scratch" rle="0,400" left="10" top="10" width="20" height="20"/>')),
      { 'a.png': scratch, ...b },
      [],
    ],
    [
      'a mask that is cut off',
      cvat(image('<mask label="scratch" rle="0,39" left="10" top="10" width="20" height="20"/>')),
      { 'a.png': 'unlabelled', ...b },
      [/^bad_row annotations\.xml, line 1/],
    ],
    [
      'points beyond the edge',
      cvat(image('<polygon label="scratch" points="-5,-5;15,-5;15,15;-5,15"/>')),
      { 'a.png': 'anomalous | scratch | scratch 225 at 0 0 15 15', ...b },
      [],
    ],
    ['a tag OK', cvat(image('<tag label="OK"/>')), { 'a.png': 'normal', ...b }, []],
    [
      'a tag of a kind',
      cvat(image('<tag label="scratch"/>')),
      { 'a.png': 'anomalous | scratch', ...b },
      [/^no_region/],
    ],
    [
      'attributes of shapes',
      cvat(
        image(
          '<box label="scratch" xtl="10.00" ytl="10.00" xbr="30.00" ybr="30.00" occluded="0" z_order="0"><attribute name="depth">3</attribute></box>',
        ),
      ),
      { 'a.png': scratch, ...b },
      [],
    ],
    [
      'a file that is cut off leaves nothing normal',
      { 'a.png': '', 'b.png': '', 'annotations.xml': `<annotations>${image('')}` },
      { 'a.png': 'unlabelled', 'b.png': 'unlabelled' },
      [/^bad_file annotations\.xml/],
    ],
    [
      'tracks of a video: what is outside is not there, frames by number',
      {
        'images/frame_000000.PNG': '',
        'images/frame_000001.PNG': '',
        'annotations.xml':
          '<annotations><track id="0" label="scratch"><box frame="0" outside="0" keyframe="1" xtl="10" ytl="10" xbr="30" ybr="30"/><box frame="1" outside="1" keyframe="1" xtl="10" ytl="10" xbr="30" ybr="30"/></track></annotations>',
      },
      { 'images/frame_000000.PNG': scratch, 'images/frame_000001.PNG': 'unlabelled' },
      [/^not_labelled images/],
    ],
    [
      'tracks whose frames are files by other names, in their order',
      {
        'x_10.png': '',
        'x_2.png': '',
        'annotations.xml':
          '<annotations><meta><task><size>2</size></task></meta><track label="scratch"><box frame="1" outside="0" xtl="10" ytl="10" xbr="30" ybr="30"/></track></annotations>',
      },
      { 'x_10.png': 'unlabelled', 'x_2.png': 'unlabelled' },
      [/^missing_image frame_000001/, /^not_labelled/],
    ],
    [
      'a frame that is no number',
      {
        'a.png': '',
        'b.png': '',
        'annotations.xml':
          '<annotations><track label="scratch"><box frame="x" xtl="10" ytl="10" xbr="30" ybr="30"/></track><image name="a.png"/><image name="b.png"><box label="dent" xtl="1" ytl="1" xbr="2" ybr="2"/></image></annotations>',
      },
      { 'a.png': 'unlabelled', ...b },
      [/^bad_row annotations\.xml/],
    ],
    [
      'an image without a name',
      cvat(`<image id="9"><box label="scratch" xtl="10" ytl="10" xbr="30" ybr="30"/></image>${image('')}`),
      { 'a.png': 'unlabelled', ...b },
      [/^bad_row/],
    ],
  ])('%s', (_, files, items, problems) => check(files, items, problems));
});

describe('labelme', () => {
  const SQUARE = [
    [10, 10],
    [30, 10],
    [30, 30],
    [10, 30],
  ];
  const file = (shapes: unknown, more: object = {}) => ({
    version: '5.4.1',
    flags: {},
    shapes,
    imagePath: 'a.png',
    imageData: null,
    imageHeight: 120,
    imageWidth: 160,
    ...more,
  });
  const labelme = (shape: object, more: object = {}): Files => ({
    'a.png': '',
    'a.json': file([{ label: 'scratch', ...shape }], more),
  });
  test.each<[string, Files, Record<string, string>, RegExp[]]>([
    [
      'a polygon',
      labelme({ points: SQUARE, shape_type: 'polygon', group_id: null, flags: {} }),
      { 'a.png': scratch },
      [],
    ],
    [
      'a shape without a type, as old versions have it',
      labelme({ points: SQUARE, line_color: null }),
      { 'a.png': scratch },
      [],
    ],
    ['a rectangle of four corners', labelme({ points: SQUARE, shape_type: 'rectangle' }), { 'a.png': scratch }, []],
    ['a turned box', labelme({ points: SQUARE, shape_type: 'rotation', direction: 1.57 }), { 'a.png': scratch }, []],
    [
      'a line',
      labelme({
        points: [
          [10, 10],
          [29, 10],
        ],
        shape_type: 'line',
      }),
      { 'a.png': 'anomalous | scratch | scratch 20 at 10 10 20 1' },
      [],
    ],
    [
      'a line of several points',
      labelme({
        points: [
          [10, 10],
          [29, 10],
          [29, 29],
        ],
        shape_type: 'linestrip',
      }),
      { 'a.png': 'anomalous | scratch | scratch 39 at 10 10 20 20' },
      [],
    ],
    [
      'a point',
      labelme({ points: [[10, 10]], shape_type: 'point' }),
      { 'a.png': 'anomalous | scratch' },
      [/^no_region/],
    ],
    [
      'points as objects',
      labelme({ points: SQUARE.map(([x, y]) => ({ x, y })), shape_type: 'polygon' }),
      { 'a.png': scratch },
      [],
    ],
    [
      'a circle of no radius',
      labelme({
        points: [
          [10, 10],
          [10, 10],
        ],
        shape_type: 'circle',
      }),
      { 'a.png': 'unlabelled' },
      [/^bad_row a\.json, shape 0/, /^unlabelled/],
    ],
    [
      'a mask without its picture',
      labelme({ points: SQUARE.slice(0, 2), shape_type: 'mask' }),
      { 'a.png': 'unlabelled' },
      [/^bad_row/, /^unlabelled/],
    ],
    [
      'an image path with backslashes',
      labelme({ points: SQUARE }, { imagePath: '..\\images\\a.png' }),
      { 'a.png': scratch },
      [],
    ],
    [
      'an image path of another machine',
      labelme({ points: SQUARE }, { imagePath: 'D:/shots/2024/a.png' }),
      { 'a.png': scratch },
      [],
    ],
    [
      'labels in a folder of their own',
      { 'images/a.png': '', 'labels/a.json': file([{ label: 'scratch', points: SQUARE }]) },
      { 'images/a.png': scratch },
      [],
    ],
    [
      'a label that is a number',
      labelme({ label: 3, points: SQUARE }),
      { 'a.png': 'anomalous | 3 | 3 400 at 10 10 20 20' },
      [],
    ],
    ['a label called good', labelme({ label: 'good', points: SQUARE }), { 'a.png': 'normal' }, []],
    [
      'no shapes and no flag, in a set where others have some',
      { ...labelme({ points: SQUARE }), 'b.png': '', 'b.json': file([], { imagePath: 'b.png' }) },
      { 'a.png': scratch, 'b.png': 'normal' },
      [],
    ],
    [
      'a flag that says normal beside a shape',
      labelme({ points: SQUARE }, { flags: { good: true } }),
      { 'a.png': 'unlabelled | scratch 400 at 10 10 20 20' },
      [/^contradiction/],
    ],
    ...[{ NG: 'true' }, { NG: 1, OK: 0 }, ['NG'], { NG: 'yes', OK: 'false' }].map(
      (flags): [string, Files, Record<string, string>, RegExp[]] => [
        `flags ${JSON.stringify(flags)}`,
        { ...labelme({ points: SQUARE }), 'b.png': '', 'b.json': file([], { imagePath: 'b.png', flags }) },
        { 'a.png': scratch, 'b.png': 'anomalous' },
        [],
      ],
    ),
    ['a flag that is not set', labelme({ points: SQUARE }, { flags: { good: false } }), { 'a.png': scratch }, []],
    [
      'a flag that names a defect',
      { 'a.png': '', 'a.json': file([], { flags: { scratch: true, dent: false } }) },
      { 'a.png': 'unlabelled' },
      [/^unknown_choice a\.json/],
    ],
    [
      'shapes that are null',
      { 'a.png': '', 'a.json': file(null) },
      { 'a.png': 'unlabelled' },
      [/^bad_file/, /^unlabelled/],
    ],
    [
      'an empty file',
      { ...labelme({ points: SQUARE }), 'b.png': '', 'b.json': '' },
      { 'a.png': scratch, 'b.png': 'unlabelled' },
      [/^bad_file b\.json/],
    ],
    [
      'the picture within the file, and none beside it',
      { 'b.png': '', 'a.json': file([{ label: 'scratch', points: SQUARE }], { imageData: 'iVBORw0KGgo=' }) },
      { 'b.png': 'unlabelled' },
      [/^missing_image a/],
    ],
  ])('%s', (_, files, items, problems) => check(files, items, problems));
});
