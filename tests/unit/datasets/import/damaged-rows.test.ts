import fc from 'fast-check';
import { readSet } from '@/lib/datasets/import/read-set';
import { layFiles, removeFolder } from '../../../support/folder-tree';

/** Whatever happens to one row or record of a label file: its image is not normal, and what is said about every other image stays. */

const COUNT = 3;
const numbers = Array.from({ length: COUNT }, (_, i) => i);
/** What the images are called, where a format has names of its own. */
const NAMES: Readonly<Record<string, (i: number) => string>> = { headct: (i) => `head_ct/00${i}.png` };
const name = (i: number, format = ''): string => NAMES[format]?.(i) ?? `images/${i}.png`;

type Files = Record<string, string>;
/** The set, with one record replaced by what `damage` makes of it. */
type Format = (index: number, damage: (record: string) => string) => Files;

const json = (records: readonly string[]): string => `[${records.join(',')}]`;
const change = (index: number, damage: (record: string) => string, records: readonly object[]): string[] =>
  records.map((record, i) => (i === index ? damage(JSON.stringify(record)) : JSON.stringify(record)));

const formats: Record<string, Format> = {
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
};

/** JSON as it is, but for one field that is gone or something else; or something that is no record at all. */
const junk = fc.oneof(fc.constantFrom<unknown>(null, '', 'x', -1, 1e9, [], {}, [[]], 'NaN'), fc.jsonValue());
const jsonDamage = fc.oneof(
  junk.map((value) => () => JSON.stringify(value)),
  fc.tuple(fc.nat(), fc.option(junk)).map(([at, value]) => (record: string) => {
    const fields = JSON.parse(record) as Record<string, unknown>;
    // The label itself and the record's own number may change: that is another statement, and no damage.
    const keys = Object.keys(fields).filter(
      (key) => !['id', 'category_id', 'label', 'shape_type', 'image', 'images'].includes(key),
    );
    const key = keys[at % keys.length] ?? '';
    return JSON.stringify(value === null ? { ...fields, [key]: undefined } : { ...fields, [key]: value });
  }),
);
const textDamage = fc.oneof(
  fc
    .string({ minLength: 1, maxLength: 20 })
    .filter((text) => text.trim() !== '' && !/[\r\n]/.test(text))
    .map((text) => () => text),
  fc.tuple(fc.nat(), fc.string({ maxLength: 5 })).map(([at, text]) => (record: string) => {
    const from = at % record.length;
    return record.slice(0, from) + text.replace(/[\r\n]/g, '?') + record.slice(from + 3);
  }),
  fc.nat().map((at) => (record: string) => record.slice(0, 1 + (at % (record.length - 1)))),
);
/** Text of an attribute: what ends it damages the whole file, which is refused. */
const attributeDamage = textDamage.map(
  (damage) => (text: string) => damage(text).replace(/[<&"\u0000-\u001f\ufffe\uffff]/g, '?'),
);
/** JSON-MIN leaves out what nobody said and has an empty list where nothing was marked: only what is there and is no region is damage. */
const minDamage = fc
  .oneof(
    fc.constantFrom<unknown>('x', -1, 1e9, [[]], 'NaN', [null], [7], [{ x: 'a' }]),
    fc.record({ x: fc.string(), width: fc.integer() }).map((region) => [region]),
  )
  .map((label) => (record: string) => JSON.stringify({ ...(JSON.parse(record) as object), label }));
/** A probability that is another number is another statement; letters in its place are damage. */
const elpvDamage = fc
  .stringMatching(/^[a-z%!?-]{1,8}$/)
  .map((text) => (record: string) => record.replace(' 1.0 ', ` ${text} `));
/** A row that is whole is a statement, be it about another image. */
const headctDamage = textDamage.map((damage) => (record: string) => {
  const damaged = damage(record);
  return /^\W*\d+(\.\d*)?\W*[,;\t]\W*[01](\.0*)?\W*($|,)/.test(damaged) ? damaged.replaceAll(/\d/g, '?') : damaged;
});
const TEXTS = ['yolo', 'voc', 'manifest', 'visa', 'table', 'table of boxes'];
const damageOf = (format: string) =>
  ({ cvat: attributeDamage, 'json-min': minDamage, elpv: elpvDamage, headct: headctDamage })[format] ??
  (TEXTS.includes(format) ? textDamage : jsonDamage);

async function labelsOf(files: Files, format = '') {
  const images = Object.fromEntries(numbers.map((i) => [name(i, format), '']));
  const root = await layFiles({ ...images, ...files });
  try {
    const { items } = await readSet(root);
    return new Map(items.map(({ file: _, masks, ...item }) => [item.path, { ...item, masks: masks.length }]));
  } finally {
    await removeFolder(root);
  }
}

test.each(Object.keys(formats))('%s', async (format) => {
  const make = formats[format];
  const whole = await labelsOf(make?.(0, (record) => record) ?? {}, format);
  expect([...whole.values()].map(({ label }) => label)).toEqual(numbers.map(() => 'anomalous'));
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: COUNT - 1 }), damageOf(format), async (index, damage) => {
      const found = await labelsOf(make?.(index, damage) ?? {}, format);
      for (const i of numbers) {
        const place = name(i, format);
        if (i === index) {
          expect(found.get(place)?.label).not.toBe('normal');
        } else {
          expect(found.get(place)).toEqual(whole.get(place));
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a row of a hundred thousand digits is refused in time that grows with its length', async () => {
  const found = await labelsOf(formats['yolo']?.(1, () => `0 ${'1'.repeat(100_000)} x`) ?? {});
  expect([...found.values()].map(({ label }) => label)).toEqual(['anomalous', 'unlabelled', 'anomalous']);
});

/** A damaged number may name another image, and what is said there then contradicts that image's own row. */
test.each([
  ['visa', ['bolt,test,normal,images/1.png,', 'bolt,test,anomaly,images/1.png,m.png']],
  ['manifest', ['images/1.png,,bolt,test,good,0', 'images/1.png,m.png,bolt,test,dent,1']],
  ['headct', ['1,0', '1,1']],
])('%s: two rows that say the opposite of one image leave it unlabelled, in either order', async (format, rows) => {
  for (const both of [rows, rows.toReversed()]) {
    const files = formats[format]?.(1, () => both.join('\n')) ?? {};
    const found = await labelsOf({ ...files, 'm.png': '' }, format);
    expect(numbers.map((i) => found.get(name(i, format))?.label)).toEqual(['anomalous', 'unlabelled', 'anomalous']);
  }
});
