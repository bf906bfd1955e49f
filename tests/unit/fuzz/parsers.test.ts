import path from 'node:path';
import fc from 'fast-check';
import { expandCommand } from '@/lib/contract/commands';
import * as accounts from '@/lib/auth/contract';
import { isLoopbackHost } from '@/lib/auth/loopback';
import { isSameOriginWrite } from '@/lib/auth/same-origin';
import { teamSettings } from '@/lib/auth/settings';
import * as assistant from '@/lib/contract';
import * as datasets from '@/lib/datasets/contract';
import { readMask } from '@/lib/datasets/review/read-mask';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { DatasetError } from '@/lib/datasets/readers/types';
import { AppError } from '@/lib/http/app-error';
import { decompressCounts } from '@/lib/segmentation/rle';
import { looksLikeSvg, sniffImage } from '@/lib/vision/sniff';
import { splitBlocks } from '@/lib/workbench/chat/split-blocks';
import { layFiles, removeFolder } from '../../support/folder-tree';

/** Every parser of outside data that has no fuzz test beside its other tests: anything in, only its own error out. */

const bytes = fc.uint8Array({ maxLength: 600 });

test('magic bytes: any bytes have one format or none', () => {
  fc.assert(
    fc.property(bytes, (data) => {
      expect(typeof looksLikeSvg(data)).toBe('boolean');
      expect([undefined, 'jpeg', 'png', 'webp', 'gif', 'tiff', 'avif']).toContain(sniffImage(data)?.slice(6));
    }),
    { numRuns: 2000 },
  );
});

const cell = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    '../../../etc/passwd',
    '/etc/passwd',
    'C:\\x',
    'a.png',
    'sub/a.png',
    'train',
    'test',
    '0',
    '1',
    'good',
    '"',
    '\0',
  ),
  fc.constantFrom('__proto__', 'normal', 'anomaly', 'image', '\ufeff', 'x'.repeat(300)),
);
const table = fc
  .array(fc.array(cell, { maxLength: 7 }), { maxLength: 8 })
  .map((rows) => rows.map((row) => row.join(',')).join('\n'));

test.each([
  ['manifest.csv', 'image,mask,category,split,type,label'],
  ['split_csv/1cls.csv', 'object,split,label,image,mask'],
  ['labels.csv', 'id, hemorrhage'],
  ['src/elpv_dataset/data/labels.csv', ''],
])('label file %s: any text is read or refused, and leads to nothing outside the set', async (name, header) => {
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), async (body, withHeader) => {
      const root = await layFiles({
        [name]: withHeader ? `${header}\n${body}` : body,
        ...{ 'a.png': 'pixels', 'sub/a.png': 'pixels', 'head_ct/000.png': 'pixels' },
      });
      try {
        const { items, root: real } = await readDataset(root);
        for (const item of items) {
          for (const file of [item.path, ...item.masks]) {
            expect(path.relative(real, file)).not.toMatch(/^\.\.|^\//);
          }
        }
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
      } finally {
        await removeFolder(root);
      }
    }),
    { numRuns: 40 },
  );
});

test('compressed masks: any text gives counts or a RangeError, and a mask only when it fits its image', () => {
  const runs = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.integer({ min: 48, max: 111 }).map((code) => String.fromCharCode(code)) }),
  );
  fc.assert(
    fc.property(runs, (text) => {
      try {
        expect(decompressCounts(text).every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(runs, fc.nat({ max: 12 }), fc.nat({ max: 12 }), (counts, height, width) => {
      try {
        const rle = readMask({ size: [height, width], counts }, { width: 8, height: 6 });
        expect(rle === null || (rle.size[0] === 6 && rle.size[1] === 8)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('every schema of every contract takes or refuses any value without throwing', () => {
  const schemas = [assistant, accounts, datasets].flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && 'safeParse' in value ? [[name, value] as const] : [],
    ),
  );
  expect(schemas.length).toBeGreaterThan(60);
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.anything({ withNullPrototype: true })), (value) => {
      for (const [name, schema] of schemas) {
        expect([name, typeof schema.safeParse(value).success]).toEqual([name, 'boolean']);
      }
    }),
    { numRuns: 150 },
  );
});

test('hosts, origins and settings: any text is judged', () => {
  const header = fc.string().filter((text) => /^[\x21-\x7e]*$/.test(text));
  fc.assert(
    fc.property(fc.string(), header, header, (host, site, origin) => {
      expect(isLoopbackHost(`${host}.example`)).toBe(false);
      const headers = new Headers({ 'sec-fetch-site': `x${site}`, origin });
      expect(isSameOriginWrite('POST', headers)).toBe(false);
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), (url, secret) => {
      const env = { LOOKTWICE_URL: url, LOOKTWICE_SECRET: secret };
      expect(() => teamSettings(env)).toThrow(/^LOOKTWICE_MODE=team: LOOKTWICE_(URL|SECRET) /);
    }),
  );
});

test('what people and models write: any text is split and expanded without a loss', () => {
  const text = fc.string({ unit: fc.constantFrom('`', '~', '-', '|', '\n', ' ', '/', 'a', '#', '1', '.', '>') });
  fc.assert(
    fc.property(fc.oneof(fc.string(), text), (written) => {
      const squeeze = (value: string) => value.replace(/\s+/g, '');
      expect(squeeze(splitBlocks(written).join('\n'))).toBe(squeeze(written));
      expect(typeof expandCommand(written).question).toBe('string');
    }),
    { numRuns: 2000 },
  );
});
