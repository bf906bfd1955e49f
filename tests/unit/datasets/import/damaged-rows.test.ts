import fc from 'fast-check';
import { readSet } from '@/lib/datasets/import/read-set';
import { layFiles, removeFolder } from '../../../support/folder-tree';
import { COUNT, type Files, formats as labelled, name, numbers } from '../../../support/label-file-sets';
import { toolFormats } from '../../../support/tool-file-sets';

/**
 * Whatever happens to one row or record of a label file: its image is not normal, and what is said about every other
 * image stays.
 */

const formats = { ...labelled, ...toolFormats };

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
/** One number that is none, or none that a picture has. */
const numberDamage = fc
  .tuple(fc.nat(), fc.constantFrom('NaN', '-Infinity', '1e400', '9'.repeat(40), 'null', '"1,5,"', '"\\u0000"'))
  .map(([at, instead]) => (record: string) => {
    const places = [...record.matchAll(/(?<=[[:,])-?\d+(\.\d+)?(?=[\],}])/g)];
    const place = places[at % Math.max(1, places.length)];
    return place === undefined
      ? '{}'
      : record.slice(0, place.index) + instead + record.slice(place.index + place[0].length);
  });
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
/**
 * JSON-MIN leaves out what nobody said and has an empty list where nothing was marked: only what is there and is no
 * region is damage.
 */
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
/** An empty cell of run lengths, or -1, says that there are none. */
const runsDamage = textDamage.map((damage) => (record: string) => damage(record).replace(/,\s*(-1)?\s*$/, ',?'));
const TEXTS = [
  ...['yolo', 'yolo of darknet', 'voc', 'manifest', 'visa', 'table', 'table of boxes', 'boxes by their centre'],
  ...['rows without a head', 'via as csv'],
];
const JSON_ROWS = fc.oneof({ weight: 3, arbitrary: jsonDamage }, { weight: 1, arbitrary: numberDamage });
const damageOf = (format: string) =>
  ({
    ...{ cvat: attributeDamage, 'cvat tracks': attributeDamage, 'json-min': minDamage, elpv: elpvDamage },
    ...{ headct: headctDamage, 'run lengths': runsDamage },
  })[format] ?? (TEXTS.includes(format) ? textDamage : JSON_ROWS);

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
