import { type Files, readFiles } from '../../../support/read-files';

/** Tables of images with labels, as people keep them beside their images; and files of the VGG Image Annotator. */
const lay = (table: string | Uint8Array, file = 'labels.csv'): Files => ({
  'images/a.png': '',
  'images/b.png': '',
  [file]: table,
});
const [good, bad] = ['normal', 'anomalous'];
const both = (a: string, b: string) => ({ 'images/a.png': a, 'images/b.png': b });
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';

test.each<[string, Files, Record<string, string>, RegExp[]]>([
  ['words', lay('filename,label\na.png,OK\nb.png,NG\n'), both(good, bad), []],
  [
    'semicolons, Windows line ends and a mark, as spreadsheets write them',
    lay('\ufeffDatei;Ergebnis\r\na.png;i.O.\r\nb.png;n.i.O.\r\n'),
    both(good, bad),
    [],
  ],
  ['tabs', lay('image\tstatus\na.png\tgut\nb.png\tschlecht\n', 'labels.tsv'), both(good, bad), []],
  [
    'Chinese words in GBK',
    lay(
      Buffer.concat([
        Buffer.from('file,result\na.png,'),
        Buffer.from([0xba, 0xcf, 0xb8, 0xf1]),
        Buffer.from('\nb.png,'),
        Buffer.from([0xb2, 0xbb, 0xc1, 0xbc]),
        Buffer.from('\n'),
      ]),
    ),
    both(good, bad),
    [/^encoding/],
  ],
  ['Japanese words', lay('画像,判定\na.png,良品\nb.png,不良品\n'), both(good, bad), []],
  [
    'UTF-16, as spreadsheets write Unicode',
    lay(Buffer.from('\ufefffile\tlabel\r\na.png\tOK\r\nb.png\tNG\r\n', 'utf16le')),
    both(good, bad),
    [],
  ],
  ['quoted names with commas', { 'x,1.png': '', 'labels.csv': 'file,label\n"x,1.png","NG"\n' }, { 'x,1.png': bad }, []],
  ['is_good 1 and 0', lay('image,is_good\na.png,1\nb.png,0\n'), both(good, bad), []],
  ['anomaly 1 and 0', lay('image,anomaly\na.png,0\nb.png,1\n'), both(good, bad), []],
  ['defective true and false', lay('image,Defective\na.png,FALSE\nb.png,TRUE\n'), both(good, bad), []],
  ['isDefect yes and no', lay('image,isDefect\na.png,no\nb.png,yes\n'), both(good, bad), []],
  ['pass Y and N', lay('image,pass\na.png,Y\nb.png,N\n'), both(good, bad), []],
  ['pass with the words', lay('image,pass\na.png,pass\nb.png,fail\n'), both(good, bad), []],
  [
    'label 0 and 1 can mean either',
    lay('image,label\na.png,0\nb.png,1\n'),
    both('unlabelled', 'unlabelled'),
    [/^unknown_choice labels\.csv/],
  ],
  [
    'anomalib’s label and label_index',
    lay(',image_path,label,label_index\n0,images/a.png,normal,0\n1,images/b.png,abnormal,1\n'),
    both(good, bad),
    [],
  ],
  [
    'classes of defects beside good',
    lay('image,label\na.png,good\nb.png,scratch\n'),
    both(good, 'anomalous | scratch'),
    [/^no_region/],
  ],
  [
    'classes of unknown meaning',
    lay('image,label\na.png,left\nb.png,right\n'),
    both('unlabelled', 'unlabelled'),
    [/^unknown_choice/],
  ],
  ['no head', lay('images/a.png,OK\nimages/b.png,NG\n'), both(good, bad), []],
  ['a list with spaces, no head', lay('images/a.png good\nimages/b.png bad\n', 'list.txt'), both(good, bad), []],
  [
    'OK beside a kind of defect',
    lay('image,status,defect_type\na.png,OK,scratch\nb.png,OK,none\n'),
    both('unlabelled', good),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'is_good 1 beside a kind of defect',
    lay('image,is_good,defect_type\na.png,1,scratch\nb.png,0,dent\n'),
    both('unlabelled', 'anomalous | dent'),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a good photo of a defect',
    lay('image,quality,defect_class\na.png,good,scratch\nb.png,good,\n'),
    both('unlabelled', good),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a word of a defect in another column',
    lay('image,status,label\na.png,OK,scratch\nb.png,OK,bolt\n'),
    both('unlabelled', good),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a column for each kind of defect',
    lay('filename, damaged, scratch, dent\na.png, 0, 1, 0\nb.png, 0, 0, 0\n'),
    both('anomalous | scratch', good),
    [],
  ],
  [
    'a column of OK beside those of kinds',
    lay('filename, ok, scratch\na.png, 1, 1\nb.png, 1, 0\n'),
    both('unlabelled', good),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'any class of Roboflow’s table',
    lay('filename, damaged, type_x\na.png, 0, 1\nb.png, 0, 0\n', '_classes.csv'),
    both('anomalous | type_x', good),
    [],
  ],
  [
    'a 1 beside OK',
    lay('image,verdict,label\na.png,OK,1\nb.png,OK,0\n'),
    both('unlabelled', good),
    [/^bad_row labels\.csv, line 2/, /^unlabelled images\/a\.png/],
  ],
  [
    'a 1 beside OK, before the words',
    lay('image,label,verdict\na.png,1,OK\nb.png,1,NG\n'),
    both('unlabelled', bad),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a 1 beside yes to is_good',
    lay('image,is_good,label\na.png,1,1\nb.png,0,1\n'),
    both('unlabelled', bad),
    [/^bad_row labels\.csv, line 2/],
  ],
  ['1 for good ones throughout', lay('image,verdict,label\na.png,OK,1\nb.png,NG,0\n'), both(good, bad), []],
  [
    'two columns of words',
    lay('image,result,status\na.png,OK,NG\nb.png,OK,OK\n'),
    both('unlabelled', good),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a mask beside OK that is not there, and is not the image itself',
    lay('image,label,mask\na.png,OK,masks/a.png\nb.png,NG,masks/b.png\n'),
    both(good, bad),
    [/^missing_mask masks\/a\.png/, /^missing_mask masks\/b\.png/],
  ],
  ...['comment,big scratch,clean', 'num_defects,2,0', 'defect area,120,0', 'polygon,"[[1,2],[3,4],[5,6]]",[]'].map(
    (column): [string, Files, Record<string, string>, RegExp[]] => {
      const [head = '', said = '', nothing = ''] = column.match(/("[^"]*"|[^,])+/g) ?? [];
      return [
        `OK beside ${head}`,
        lay(`image,label,${head}\na.png,OK,${said}\nb.png,OK,${nothing}\n`),
        both('unlabelled', good),
        [/^bad_row labels\.csv, line 2/],
      ];
    },
  ),
  [
    'a column of defects by name, by number, or none',
    { ...lay('image,defect\na.png,scratch\nb.png,none\nc.png,3\n'), 'images/c.png': '' },
    { ...both(bad, good), 'images/c.png': bad },
    [],
  ],
  ['a number of something else', lay('image,verdict,grade\na.png,OK,1\nb.png,NG,4\n'), both(good, bad), []],
  ['a product before its verdict', lay('image,class,label\na.png,bottle,NG\nb.png,bottle,OK\n'), both(bad, good), []],
  ...['unsure', 'unlabelled', 'Unlabeled', '未知'].map((word): [string, Files, Record<string, string>, RegExp[]] => [
    `${word} is no verdict`,
    lay(`image,label\na.png,${word}\nb.png,OK\n`),
    both('unlabelled', good),
    [/^unknown_choice labels\.csv/, /^unlabelled images\/a\.png/],
  ]),
  [
    'a mask alone',
    { ...lay('image,mask\na.png,\nb.png,masks/b.png\n'), 'masks/b.png': '' },
    both('unlabelled', 'anomalous | mask masks/b.png'),
    [],
  ],
  [
    'a mask that is not there',
    lay('image,mask\na.png,\nb.png,masks/b.png\n'),
    both('unlabelled', 'unlabelled'),
    [/^bad_row labels\.csv, line 3/],
  ],
  [
    'a first line that says what parts the columns',
    lay('sep=;\r\nimage;label\r\na.png;NG\r\nb.png;OK\r\n'),
    both(bad, good),
    [],
  ],
  [
    'corners as fractions, in the order of Open Images',
    lay(
      'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\na,x,scratch,1,0.1,0.3,0.1,0.3\nb,x,scratch,1,0.5,1,0.5,1\n',
    ),
    both('anomalous | scratch | scratch 768 at 16 12 32 24', 'anomalous | scratch | scratch 4800 at 80 60 80 60'),
    [],
  ],
  ['an empty cell is no label', lay('image,label\na.png,OK\nb.png,\n'), both(good, 'unlabelled'), []],
  ['an image that no row names', lay('image,label\na.png,OK\n'), both(good, 'unlabelled'), [/^not_labelled/]],
  [
    'a row of an image that is not there',
    lay('image,label\na.png,OK\nb.png,NG\nc.png,NG\n'),
    both(good, bad),
    [/^missing_image c\.png/],
  ],
  [
    'an image with two rows that disagree',
    lay('image,label\na.png,OK\nb.png,OK\na.png,NG\n'),
    both('unlabelled', good),
    [/^contradiction images\/a\.png/],
  ],
  [
    'columns that disagree',
    lay('image,good,defect\na.png,1,1\nb.png,0,1\n'),
    both('unlabelled', bad),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a word that is none',
    lay('image,is_good\na.png,perhaps\nb.png,0\n'),
    both('unlabelled', bad),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a quote that never ends',
    lay('image,label\n"a.png,OK\nb.png,NG\n'),
    both('unlabelled', bad),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'a row without its image',
    lay('image,label\n,NG\na.png,OK\nb.png,NG\n'),
    both('unlabelled', bad),
    [/^bad_row labels\.csv, line 2/],
  ],
  ['names without an ending', lay('id,label\na,OK\nb,NG\n'), both(good, bad), []],
  [
    'boxes with corners and the image’s size',
    lay(
      'filename,width,height,class,xmin,ymin,xmax,ymax\na.png,160,120,scratch,10,10,30,30\nb.png,160,120,scratch,10,10,30,30\n',
    ),
    both(scratch, scratch),
    [],
  ],
  [
    'boxes with their centre, as YOLO has them, in fractions and in pixels',
    lay(
      'image,class,x_center,y_center,width,height\na.png,scratch,0.125,0.16666667,0.125,0.16666667\nb.png,scratch,0.125,0.16666667,0.125,0.16666667\n',
    ),
    both(scratch, scratch),
    [],
  ],
  [
    'boxes with their centre in pixels',
    lay('image,label,cx,cy,w,h\na.png,scratch,20,20,20,20\nb.png,scratch,20,20,20,20\n'),
    both(scratch, scratch),
    [],
  ],
  [
    'boxes without a head, and an image without one',
    lay('images/a.png,10,10,30,30,scratch\nimages/b.png,,,,,\n'),
    both(scratch, good),
    [],
  ],
  [
    'a box that is no box',
    lay('filename,class,xmin,ymin,xmax,ymax\na.png,scratch,10,ten,30,30\nb.png,scratch,10,10,30,30\n'),
    both('unlabelled', scratch),
    [/^bad_row labels\.csv, line 2/],
  ],
  [
    'decimal commas in quotes',
    lay('filename,class,x,y,width,height\na.png,scratch,"10,0","10,0","20,0","20,0"\nb.png,scratch,10,10,20,20\n'),
    both(scratch, scratch),
    [],
  ],
  ['boxes as lists', lay('image,label,bbox\na.png,scratch,"[10, 10, 20, 20]"\nb.png,good,\n'), both(scratch, good), []],
  [
    'split, category and type',
    lay('image,label,defect_type,split,product\na.png,ok,,train,bolt\nb.png,ng,dent,test,bolt\n'),
    both(good, 'anomalous | dent'),
    [],
  ],
  [
    'boxes beside the image’s size',
    lay('filename,width,height,x,y,w,h,class\na.png,160,120,10,10,20,20,scratch\nb.png,160,120,10,10,20,20,scratch\n'),
    both(scratch, scratch),
    [],
  ],
  [
    'Google AutoML: a set, two or four corners, and an image without a box',
    {
      ...lay(
        'TRAIN,gs://x/a.png,scratch,0.0625,0.08333333,,,0.1875,0.25,,\nVALIDATE,gs://x/b.png,,,,,,,,,\nTEST,gs://x/c.png,scratch,0.0625,0.08333333,0.1875,0.08333333,0.1875,0.25,0.0625,0.25\n',
      ),
      'images/c.png': '',
    },
    { ...both(scratch, good), 'images/c.png': scratch },
    [],
  ],
  [
    'run lengths down the columns, from 1, as Severstal has them',
    lay('ImageId,ClassId,EncodedPixels\na.png,3,1 10 121 10\nb.png,1,4 x\n'),
    both('anomalous | class 3 | class 3 20 at 0 0 2 10', 'unlabelled'),
    [/^bad_row labels\.csv, line 3/],
  ],
  [
    'run lengths with the class in the image’s name, empty for a class that is not there',
    lay('ImageId_ClassId,EncodedPixels\na.png_1,\na.png_2,125 5\nb.png_1,\nb.png_2,-1\n'),
    both('anomalous | class 2 | class 2 5 at 1 4 1 5', good),
    [],
  ],
  [
    'VIA as CSV',
    lay(
      'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\na.png,1,"{}",1,0,"{""name"":""rect"",""x"":10,""y"":10,""width"":20,""height"":20}","{""kind"":""scratch""}"\nb.png,1,"{}",0,0,"{}","{}"\n',
    ),
    both(scratch, good),
    [],
  ],
  [
    'VIA as CSV, with attributes of the files',
    lay(
      'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\na.png,1,"{""quality"":""NG""}",0,0,"{}","{}"\nb.png,1,"{""status"":""to do""}",0,0,"{}","{}"\n',
    ),
    both(bad, 'unlabelled'),
    [/^bad_row labels\.csv, line 3/],
  ],
  [
    'VIA as JSON',
    {
      ...lay(''),
      'via.json': {
        'a.png1': {
          filename: 'a.png',
          size: 1,
          regions: [
            {
              shape_attributes: { name: 'polygon', all_points_x: [10, 30, 30, 10], all_points_y: [10, 10, 30, 30] },
              region_attributes: { kind: 'scratch' },
            },
          ],
          file_attributes: {},
        },
        'b.png1': { filename: 'b.png', size: 1, regions: [], file_attributes: {} },
      },
    },
    both(scratch, good),
    [],
  ],
  [
    'VIA whose attributes of files are the verdict',
    {
      ...lay(''),
      'images/c.png': '',
      'images/d.png': '',
      'via.json': {
        a: { filename: 'a.png', size: 1, regions: [], file_attributes: { verdict: 'defective' } },
        b: { filename: 'b.png', size: 1, regions: [], file_attributes: { verdict: 'good', caption: 'a bolt' } },
        c: { filename: 'c.png', size: 1, regions: [], file_attributes: { verdict: 'see the foreman' } },
        d: {
          filename: 'd.png',
          size: 1,
          regions: [
            {
              shape_attributes: { name: 'rect', x: 10, y: 10, width: 20, height: 20 },
              region_attributes: { kind: 'scratch' },
            },
          ],
          file_attributes: { lighting: 'good', state: { NG: true, OK: false } },
        },
      },
    },
    { ...both(bad, good), 'images/c.png': 'unlabelled', 'images/d.png': scratch },
    [/^unknown_choice via\.json, image 2/],
  ],
  [
    'a VIA project, a damaged region',
    {
      ...lay(''),
      'via.json': {
        _via_settings: {},
        _via_img_metadata: {
          a: {
            filename: 'a.png',
            size: 1,
            regions: [{ shape_attributes: { name: 'rect', x: 1 }, region_attributes: {} }],
          },
          b: {
            filename: 'b.png',
            size: 1,
            regions: {
              0: {
                shape_attributes: { name: 'circle', cx: 20, cy: 20, r: 10 },
                region_attributes: { kind: { scratch: true } },
              },
            },
          },
        },
      },
    },
    both('unlabelled', 'anomalous | scratch | scratch 316 at 10 10 20 20'),
    [/^bad_row via\.json, image 0/],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
});

/** Beyond what is read of a label file. */
const HUGE = Buffer.alloc(65 * 2 ** 20, 'x');

test('a table that is too large is reported, and takes no image for normal', async () => {
  const { items, problems } = await readFiles(lay(HUGE, 'results.csv'));
  expect(items).toEqual(both('unlabelled', 'unlabelled'));
  expect(problems).toContain('bad_file results.csv');
});

test('a text file that is too large to be a table changes nothing of a set with annotations', async () => {
  const coco = JSON.stringify({
    images: [
      { id: 1, file_name: 'a.png', width: 64, height: 48 },
      { id: 2, file_name: 'b.png', width: 64, height: 48 },
    ],
    categories: [{ id: 1, name: 'scratch' }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 20, 20] }],
  });
  const { items } = await readFiles({ ...lay(HUGE, 'log.txt'), 'results.csv': HUGE, 'annotations.json': coco });
  expect(items).toEqual(both(scratch, good));
});
