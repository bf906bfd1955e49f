import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { evidenceText, formatPercent, type MaskMeasure, measureMask, PLACES } from '@/lib/segmentation/describe';
import { createMask, type Mask } from '@/lib/segmentation/mask';
import { checkStatements } from '@/lib/segmentation/statements';

type Case = {
  width: number;
  height: number;
  runs: number[];
  inside: [number, number, number];
  outside: [number, number, number];
  type: string;
  material: string;
  evidence: string | null;
  measure: {
    regions: { place: string; area_px: number; extent: string; bbox: number[]; shape: string }[];
    total_extent: string;
    extent_percent: number;
    tone: string | null;
  };
  statements: { text: string; found: [string, string, boolean][] }[];
};

/** Written by `python -m looktwice_train.instruct.fixture`: what the training side measures and says. */
const shared = JSON.parse(readFileSync('tests/fixtures/measure.json', 'utf8')) as {
  percents: [number, number, string][];
  cases: Case[];
};

function maskOf({ width, height, runs }: Case): Mask {
  const mask = createMask(width, height);
  let at = 0;
  runs.forEach((length, i) => {
    mask.data.fill(i % 2, at, at + length);
    at += length;
  });
  return mask;
}

function pixelsOf({ inside, outside }: Case, { width, height, data }: Mask): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const pattern = ((pixel % width) * 3 + Math.floor(pixel / width) * 5) % 7;
    return ((data[pixel] === 1 ? inside : outside)[i % 3] ?? 0) + pattern;
  });
}

function measureCase(case_: Case): MaskMeasure {
  const mask = maskOf(case_);
  return measureMask(mask, pixelsOf(case_, mask));
}

describe('measureMask', () => {
  it('covers about forty shared cases', () => {
    expect(shared.cases.length).toBeGreaterThanOrEqual(40);
  });

  it.each(shared.cases.map((case_, i) => [i, case_] as const))('measures case %i as the training side', (_, case_) => {
    const measure = measureCase(case_);
    expect(measure.regions).toEqual(
      case_.measure.regions.map(({ area_px: areaPx, ...region }) => ({ ...region, areaPx })),
    );
    expect(measure.totalExtent).toBe(case_.measure.total_extent);
    expect(measure.extentPercent).toBe(case_.measure.extent_percent);
    expect(measure.tone).toBe(case_.measure.tone);
    if (case_.evidence === null) {
      expect(() => evidenceText(measure, case_.type, case_.material)).toThrow(RangeError);
    } else {
      expect(evidenceText(measure, case_.type, case_.material)).toBe(case_.evidence);
    }
  });

  it.each(shared.percents)('formats %i of %i as %s percent', (area, total, text) => {
    expect(formatPercent(area, total)).toBe(text);
  });

  it('words two regions and what lies around them', () => {
    const mask = createMask(100, 100);
    for (let y = 10; y < 14; y += 1) {
      mask.data.fill(1, y * 100 + 5, y * 100 + 30);
    }
    mask.data.fill(1, 80 * 100 + 80, 80 * 100 + 84);
    const rgb = new Uint8Array(100 * 100 * 3).fill(200);
    for (let y = 10; y < 14; y += 1) {
      rgb.fill(90, (y * 100 + 5) * 3, (y * 100 + 30) * 3);
    }
    expect(evidenceText(measureMask(mask, rgb), 'scratch', 'metal')).toBe(
      '[2 regions; largest: upper left, 1 % of the image, 25 x 4 px, elongated, darker; others: lower right; type: scratch; material: metal]',
    );
  });

  it('leaves the tone out without pixels, and refuses pixels of another size', () => {
    const mask = createMask(30, 20);
    mask.data.fill(1, 0, 10);
    expect(measureMask(mask).tone).toBeNull();
    expect(evidenceText(measureMask(mask), 'dent', 'metal')).toContain('10 x 1 px, elongated; type: dent');
    expect(() => measureMask(mask, new Uint8Array(30))).toThrow(/30 x 20 needs 1800/);
  });

  it('puts a single pixel into the cell in which it lies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), fc.integer({ min: 3, max: 60 }), fc.nat(), (width, height, seed) => {
        const [x, y] = [seed % width, Math.floor(seed / 61) % height];
        const mask = createMask(width, height);
        mask.data[y * width + x] = 1;
        const cell = Math.floor(((y + 0.5) * 3) / height) * 3 + Math.floor(((x + 0.5) * 3) / width);
        expect(measureMask(mask).regions[0]?.place).toBe(PLACES[cell]);
      }),
    );
  });
});

describe('checkStatements', () => {
  it.each(shared.cases.map((case_, i) => [i, case_] as const))(
    'judges the texts of case %i as the training side',
    (_, case_) => {
      const measure = measureCase(case_);
      for (const { text, found } of case_.statements) {
        expect(checkStatements(text, measure).map(({ kind, text: words, agrees }) => [kind, words, agrees])).toEqual(
          found,
        );
      }
    },
  );

  const region = { areaPx: 800, shape: 'compact' as const };
  const measure: MaskMeasure = {
    width: 200,
    height: 100,
    regions: [
      { ...region, place: 'upper left', extent: '3.2', bbox: [0, 0, 40, 20] },
      { ...region, place: 'centre right', extent: '1.1', bbox: [150, 40, 20, 15] },
    ],
    totalExtent: '4.3',
    extentPercent: 4.3,
    tone: 'darker',
  };

  it.each([
    ['It lies in the upper left.', [true]],
    ['It lies in the lower left.', [false]],
    ['The largest one is at the centre right.', [false]],
    ['The other one is at the centre right.', [true]],
    ['It is in the centre.', [false]],
    ['It is not in the centre.', [true]],
    ['It is in the top left, not in the lower right.', [true, true]],
    ['It covers 3.2 % of the image.', [true]],
    ['In all, 4.3 percent.', [true]],
    ['It covers 3.3 % of the image.', [false]],
    ['A box of 40 x 20 px.', [true]],
    ['A box of 40 by 21 pixels.', [false]],
    ['I count 2 regions.', [true]],
    ['There are three defects.', [false]],
    ['One other region is marked.', [true]],
    ['It is a single region.', [false]],
    ['There is no other region.', [false]],
    ['Polish the part and inspect the batch.', []],
  ])('%s', (text, expected) => {
    expect(checkStatements(text, measure).map(({ agrees }) => agrees)).toEqual(expected);
  });
});
