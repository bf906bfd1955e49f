import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartBankData } from '@/lib/anomaly/part-bank';
import { UnusableBankError, readPartBank, readPartLooks, writePartBank } from '@/lib/anomaly/part-file';
import { quantise, unitRows } from '@/lib/anomaly/quantised';

const WIDTH = 4;
const rows = (count: number) => Float32Array.from({ length: count * WIDTH }, (_, i) => Math.sin(i + 1));

function unit(values: Float32Array): Float32Array {
  return unitRows(quantise(values, WIDTH), WIDTH);
}

const data: PartBankData = {
  samples: ['a', 'b'].map((key, index) => ({
    ...{ key, rawScore: 0.25 + index / 4 },
    kinds: new Map([['base', { unit: [quantise(rows(3 + index), WIDTH)], within: [Float32Array.from([1, 2, 3])] }]]),
    looks: Array.from({ length: 1 + index }, (_, at) => Float32Array.from([index, at, 1, 0])),
  })),
  kinds: new Map([
    [
      'base',
      {
        fits: [{ mean: Float32Array.from([1, 2, 3, 4]), root: rows(4) }],
        rows: [
          { reference: 0, row: 2 },
          { reference: 1, row: 0 },
        ],
        own: [Float32Array.from([0.5, 0.25])],
        normal: { mean: 0.1, deviation: 0.02 },
        leftOut: [0.1, 0.2],
      },
    ],
  ]),
};

describe('a bank on disk', () => {
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'looktwice-bank-'));
    file = join(folder, 'part', 'x.bank');
    await writePartBank(file, data, 'v1');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('comes back as it was written', async () => {
    expect(await readPartBank(file, 'v1')).toEqual(data);
    expect([...(await readPartLooks(file, 'v1'))]).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0]);
  });

  test('is of no use to another model, cut off, damaged, or missing', async () => {
    await expect(readPartBank(file, 'v2')).rejects.toThrow(UnusableBankError);
    await expect(readPartBank(join(folder, 'none.bank'), 'v1')).rejects.toThrow(UnusableBankError);
    const bytes = await readFile(file);
    const other = join(folder, 'other.bank');
    await writeFile(other, bytes.subarray(0, bytes.length - 5));
    await expect(readPartBank(other, 'v1')).rejects.toThrow(/cut off/);
    bytes.writeUInt8((bytes.at(-3) ?? 0) ^ 1, bytes.length - 3);
    await writeFile(other, bytes);
    await expect(readPartBank(other, 'v1')).rejects.toThrow(/damaged/);
    await writeFile(other, 'not a bank at all');
    await expect(readPartLooks(other, 'v1')).rejects.toThrow(UnusableBankError);
  });
});

test('bytes keep the directions of vectors', () => {
  const values = rows(50);
  const found = unit(values);
  for (let row = 0; row < 50; row += 1) {
    const given = values.subarray(row * WIDTH, (row + 1) * WIDTH);
    const length = Math.hypot(...given);
    const cosine = given.reduce((sum, value, i) => sum + (value / length) * (found[row * WIDTH + i] ?? 0), 0);
    expect(cosine).toBeGreaterThan(0.9998);
  }
});
