/**
 * Small sets of each format that the readers of label files know, in which every image is anomalous, to be damaged by
 * tests.
 */

export const COUNT = 3;
export const numbers = Array.from({ length: COUNT }, (_, i) => i);
/** What the images are called, where a format has names of its own. */
const NAMES: Readonly<Record<string, (i: number) => string>> = {
  headct: (i) => `head_ct/00${i}.png`,
  'cvat tracks': (i) => `images/frame_00000${i}.png`,
};
export const name = (i: number, format = ''): string => NAMES[format]?.(i) ?? `images/${i}.png`;

export type Files = Record<string, string>;
/** The set, with one record replaced by what `damage` makes of it. */
export type Format = (index: number, damage: (record: string) => string) => Files;

const json = (records: readonly string[]): string => `[${records.join(',')}]`;
const change = (index: number, damage: (record: string) => string, records: readonly object[]): string[] =>
  records.map((record, i) => (i === index ? damage(JSON.stringify(record)) : JSON.stringify(record)));

export const formats: Record<string, Format> = {
  coco: (index, damage) => ({
    'annotations.json': `{"images": ${JSON.stringify(numbers.map((i) => ({ id: i + 1, file_name: `${i}.png`, width: 100, height: 100 })))},
      "categories": [{"id": 1, "name": "dent"}],
      "annotations": ${json(
        change(
          index,
          damage,
          numbers.map((i) => ({
            id: i,
            image_id: i + 1,
            category_id: 1,
            bbox: [1, 2, 3, 4],
            segmentation: [[1, 2, 4, 2, 4, 6]],
          })),
        ),
      )}}`,
  }),
  yolo: (index, damage) => ({
    'data.yaml': 'names: [dent]\ntrain: images\n',
    ...Object.fromEntries(
      numbers.map((i) => [`labels/${i}.txt`, i === index ? damage('0 0.5 0.5 0.2 0.2') : '0 0.5 0.5 0.2 0.2']),
    ),
  }),
  'label-studio': (index, damage) => {
    const regions = change(
      index,
      damage,
      numbers.map((i) => ({
        id: String(i),
        type: 'rectanglelabels',
        value: { x: 1, y: 2, width: 3, height: 4, rectanglelabels: ['dent'] },
      })),
    );
    const tasks = numbers.map(
      (i) => `{"data": {"image": "${name(i)}"}, "annotations": [{"result": [${regions[i] ?? ''}]}]}`,
    );
    return { 'tasks.json': json(tasks) };
  },
  labelme: (index, damage) => {
    const shapes = change(
      index,
      damage,
      numbers.map(() => ({
        label: 'dent',
        points: [
          [1, 1],
          [5, 1],
          [5, 5],
        ],
        shape_type: 'polygon',
      })),
    );
    return Object.fromEntries(
      numbers.map((i) => [
        `images/${i}.json`,
        `{"version": "5.0", "imagePath": "${i}.png", "imageData": null, "shapes": [${shapes[i] ?? ''}]}`,
      ]),
    );
  },
  voc: (index, damage) => {
    const box =
      '<object><name>dent</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object>';
    return Object.fromEntries(
      numbers.map((i) => [
        `images/${i}.xml`,
        `<annotation><filename>${i}.png</filename>${i === index ? damage(box) : box}</annotation>`,
      ]),
    );
  },
  cvat: (index, damage) => {
    const points = '1,1;5,1;5,5';
    const shapes = numbers.map((i) => `<polygon label="dent" points="${i === index ? damage(points) : points}"/>`);
    const listed = numbers.map((i) => `<image id="${i}" name="${i}.png">${shapes[i] ?? ''}</image>`);
    return { 'annotations.xml': `<annotations>${listed.join('')}</annotations>` };
  },
  mmad: (index, damage) => {
    const entries = change(
      index,
      damage,
      numbers.map(() => ({
        conversation: [
          {
            Question: 'Is there any defect?',
            Answer: 'A',
            Options: { A: 'Yes.', B: 'No.' },
            type: 'Anomaly Detection',
          },
        ],
      })),
    );
    return { 'mmad.json': `{${entries.map((entry, i) => `"${name(i)}": ${entry}`).join(',')}}` };
  },
  llava: (index, damage) => ({
    'train.jsonl': change(
      index,
      damage,
      numbers.map((i) => ({
        image: name(i),
        conversations: [
          { from: 'human', value: 'Any defect?' },
          { from: 'gpt', value: 'Yes.' },
        ],
      })),
    ).join('\n'),
  }),
  'json-min': (index, damage) => ({
    'project.json': json(
      change(
        index,
        damage,
        numbers.map((i) => ({
          image: name(i),
          label: [{ x: 1, y: 2, width: 3, height: 4, rectanglelabels: ['dent'] }],
          annotator: 1,
          annotation_id: i,
        })),
      ),
    ),
  }),
  'target-storage': (index, damage) =>
    Object.fromEntries(
      numbers.map((i) => {
        const region = JSON.stringify({
          type: 'rectanglelabels',
          value: { x: 1, y: 2, width: 3, height: 4, rectanglelabels: ['dent'] },
        });
        const result = i === index ? damage(region) : region;
        return [
          `${i}.json`,
          `{"id": ${i}, "result": [${result}], "task": {"id": ${i}, "data": {"image": "${name(i)}"}}}`,
        ];
      }),
    ),
  messages: (index, damage) => ({
    'train.jsonl': change(
      index,
      damage,
      numbers.map((i) => ({
        images: [name(i)],
        messages: [
          { role: 'user', content: '<image>Any defect?' },
          { role: 'assistant', content: 'Yes.' },
        ],
      })),
    ).join('\n'),
  }),
  visa: (index, damage) => ({
    'split_csv/1cls.csv': [
      'object,split,label,image,mask',
      ...numbers.map((i) => {
        const row = `bolt,test,anomaly,${name(i)},`;
        return i === index ? damage(row) : row;
      }),
    ].join('\n'),
  }),
  elpv: (index, damage) => ({
    'labels.csv': numbers.map((i) => (i === index ? damage(`${name(i)} 1.0 mono`) : `${name(i)} 1.0 mono`)).join('\n'),
  }),
  headct: (index, damage) => ({
    'labels.csv': ['id,hemorrhage', ...numbers.map((i) => (i === index ? damage(`${i},1`) : `${i},1`))].join('\n'),
  }),
  via: (index, damage) => {
    const regions = change(
      index,
      damage,
      numbers.map(() => ({
        shape_attributes: { name: 'rect', x: 1, y: 2, width: 3, height: 4 },
        region_attributes: { kind: 'dent' },
      })),
    );
    const records = numbers.map((i) => `"${i}": {"filename": "${i}.png", "regions": [${regions[i] ?? ''}]}`);
    return { 'via.json': `{${records.join(',')}}` };
  },
  table: (index, damage) => ({
    'labels.csv': [
      'image,is_good',
      ...numbers.map((i) => (i === index ? damage(`${name(i)},no`) : `${name(i)},no`)),
    ].join('\n'),
  }),
  'table of boxes': (index, damage) => ({
    'boxes.csv': [
      'image,class,xmin,ymin,xmax,ymax',
      ...numbers.map((i) => (i === index ? damage(`${name(i)},dent,1,2,4,6`) : `${name(i)},dent,1,2,4,6`)),
    ].join('\n'),
  }),
  manifest: (index, damage) => ({
    'manifest.csv': [
      'image,mask,category,split,type,label',
      ...numbers.map((i) => (i === index ? damage(`${name(i)},,bolt,test,dent,1`) : `${name(i)},,bolt,test,dent,1`)),
    ].join('\n'),
  }),
  'via as csv': (index, damage) => ({
    'via.csv': [
      'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes',
      ...numbers.map((i) => {
        const shape = '"{""name"":""rect"",""x"":1,""y"":2,""width"":3,""height"":4}"';
        const row = `${name(i)},1,"{}",1,0,${shape},"{""kind"":""dent""}"`;
        return i === index ? damage(row) : row;
      }),
    ].join('\n'),
  }),
  'cvat tracks': (index, damage) => {
    const tracks = numbers.map((i) => {
      const left = i === index ? damage('1.00') : '1.00';
      return `<track id="${i}" label="dent"><box frame="${i}" outside="0" xtl="${left}" ytl="1" xbr="5" ybr="5"/></track>`;
    });
    return { 'annotations.xml': `<annotations>${tracks.join('')}</annotations>` };
  },
  'yolo of darknet': (index, damage) => ({
    'classes.txt': 'dent\n',
    ...Object.fromEntries(
      numbers.map((i) => [`images/${i}.txt`, i === index ? damage('0 0.5 0.5 0.2 0.2') : '0 0.5 0.5 0.2 0.2']),
    ),
  }),
  'run lengths': (index, damage) => ({
    'train.csv': [
      'ImageId_ClassId,EncodedPixels',
      ...numbers.map((i) => (i === index ? damage(`${name(i)}_1,1 3 10 5`) : `${name(i)}_1,1 3 10 5`)),
    ].join('\n'),
  }),
  'rows without a head': (index, damage) => ({
    'rows.csv': numbers
      .map((i) => `${name(i)},1,2,4,6,dent`)
      .map((row, i) => (i === index ? damage(row) : row))
      .join('\n'),
  }),
  'boxes by their centre': (index, damage) => ({
    'boxes.csv': [
      'image,class,x_center,y_center,width,height',
      ...numbers.map((i) =>
        i === index ? damage(`${name(i)},dent,0.5,0.5,0.2,0.2`) : `${name(i)},dent,0.5,0.5,0.2,0.2`,
      ),
    ].join('\n'),
  }),
  'query and response': (index, damage) => ({
    'train.jsonl': change(
      index,
      damage,
      numbers.map((i) => ({ image: name(i), query: 'Any defect?', response: 'Yes.' })),
    ).join('\n'),
  }),
};
