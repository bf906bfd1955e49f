/** The values that are shown black and white; those between are spread evenly, those outside are clipped. */
export type ValueWindow = { low: number; high: number };

/**
 * How a file's values are read, and why. `full`: as the format says, 8 bit values or 16 bit values that use the upper
 * three quarters of what 16 bits can hold.
 */
export type ValueRange = ValueWindow & { rule: 'full' | 'bits' | 'unit' | 'spread' | 'chosen' };

/** Samples of one image, `bands` side by side for each pixel. */
export type Samples = {
  values: Uint8Array | Int16Array | Uint16Array | Float32Array | Float64Array;
  /** Samples of a pixel. */
  bands: number;
  /** Bands that are looked at, from the first; the others are transparency or left out. */
  used: number;
};

const DEPTHS = [8, 10, 12, 14] as const;
/** A unit range must be used at least to this value; below it, the values are differences or rates rather than grey. */
const LEAST_UNIT = 1 / 16;
/** What resampling adds below and above a range of 0 to 1. */
const OVERSHOOT = 0.02;
/**
 * Share of values that may lie below, and above, a range that is found by spread: dead and hot pixels, and marks for
 * missing values.
 */
const TAIL = 0.001;
/**
 * What 16 bit files of fewer bits mark with their greatest value, where it stands alone: dead pixels, missing values, a
 * burnt-in text.
 */
const MARK = 2 ** 16 - 1;
/** Values that are looked at to find a spread. */
const SPREAD_SAMPLES = 200_000;
/** Beyond this a value marks a missing one (GIS files use the lowest float). */
const LARGEST = 1e30;

const isValue = (value: number): boolean => Math.abs(value) < LARGEST;

type Extent = { min: number; max: number; isWhole: boolean };

function extentOf({ values, bands, used }: Samples): Extent {
  let [min, max, isWhole] = [Infinity, -Infinity, true];
  for (let start = 0; start < values.length; start += bands) {
    for (let i = start; i < start + used; i += 1) {
      const value = values[i] ?? 0;
      if (isValue(value)) {
        min = value < min ? value : min;
        max = value > max ? value : max;
        isWhole &&= value === Math.trunc(value);
      }
    }
  }
  return max < min ? { min: 0, max: 0, isWhole: true } : { min, max, isWhole };
}

/**
 * The greatest value but for at most a thousandth of marks; of a picture of two values (black and white) the mark
 * itself.
 */
function unmarkedMax({ values, bands, used }: Samples): number {
  let [max, marks] = [0, 0];
  for (let start = 0; start < values.length; start += bands) {
    for (let i = start; i < start + used; i += 1) {
      const value = values[i] ?? 0;
      if (value === MARK) {
        marks += 1;
      } else if (value > max) {
        max = value;
      }
    }
  }
  return max > 1 && marks <= (values.length / bands) * used * TAIL ? max : MARK;
}

/** The values between the lowest and the highest thousandth. */
function spreadOf({ values, bands, used }: Samples, { min, max }: Extent): ValueWindow {
  const pixels = Math.floor(values.length / bands);
  const step = Math.max(1, Math.floor((pixels * used) / SPREAD_SAMPLES));
  const found: number[] = [];
  for (let sample = 0; sample < pixels * used; sample += step) {
    const value = values[Math.floor(sample / used) * bands + (sample % used)] ?? 0;
    if (isValue(value)) {
      found.push(value);
    }
  }
  const sorted = Float64Array.from(found).sort();
  const tail = Math.floor(sorted.length * TAIL);
  const [low, high] = [sorted[tail] ?? min, sorted[sorted.length - 1 - tail] ?? max];
  return low < high ? { low, high } : { low: min, high: max };
}

/**
 * The range by which deep values are read (docs/decisions/value-range.md): whole numbers from 0 by the smallest of 8,
 * 10, 12 and 14 bits that holds them all but a few marks, and as they are where 14 bits do not; others from 0 to 1
 * where they keep to that; all else by where 99.8 % of the values lie.
 */
export function findRange(samples: Samples): ValueRange {
  const extent = extentOf(samples);
  const { min, max, isWhole } = extent;
  if (isWhole && min >= 0 && max > 1 && max < 2 ** 16) {
    const highest = max === MARK ? unmarkedMax(samples) : max;
    const bits = DEPTHS.find((depth) => highest < 2 ** depth);
    return bits === undefined
      ? { low: 0, high: 2 ** 16 - 1, rule: 'full' }
      : { low: 0, high: 2 ** bits - 1, rule: 'bits' };
  }
  if (min === max) {
    // One value throughout: nothing tells where it lies, so black stays black and any other is white.
    return { low: Math.min(0, max), high: max === 0 ? 1 : Math.max(0, max), rule: 'unit' };
  }
  const spread = spreadOf(samples, extent);
  if (spread.low >= -OVERSHOOT && spread.high <= 1 + OVERSHOOT && spread.high >= LEAST_UNIT) {
    return { low: 0, high: 1, rule: 'unit' };
  }
  return { ...spread, rule: 'spread' };
}

export type ValueMeasure = {
  /** By which the values are read unless a window is chosen. */
  range: ValueRange;
  /** From the lowest to the highest value; marks for missing values are left out. */
  min: number;
  max: number;
  isWhole: boolean;
  /** How many values lie in each of equal parts of `min` to `max`. */
  histogram: number[];
};

const BINS = 64;

/** What a person who chooses a window wants to know of the values. */
export function measure(samples: Samples): ValueMeasure {
  const { min, max, isWhole } = extentOf(samples);
  const histogram = Array.from({ length: BINS }, () => 0);
  const { values, bands, used } = samples;
  for (let start = 0; start < values.length; start += bands) {
    for (let i = start; i < start + used; i += 1) {
      const value = values[i] ?? 0;
      if (isValue(value)) {
        const bin = max > min ? Math.min(BINS - 1, Math.floor(((value - min) / (max - min)) * BINS)) : 0;
        histogram[bin] = (histogram[bin] ?? 0) + 1;
      }
    }
  }
  return { range: findRange(samples), min, max, isWhole, histogram };
}

/** Values as bytes: `low` is 0, `high` is 255. What is no number is 0. */
export function toBytes(value: number, { low, high }: ValueWindow): number {
  const scaled = ((value - low) / (high - low)) * 255;
  return scaled >= 255 ? 255 : scaled > 0 ? Math.round(scaled) : 0;
}

const shown = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(4)));

/** A sentence for whoever looks at the image, or undefined where there is nothing to say. */
export function describeRange({ low, high, rule }: ValueRange): string | undefined {
  const ends = `${shown(low)} (black) to ${shown(high)} (white)`;
  switch (rule) {
    case 'full':
      return undefined;
    case 'bits':
      return `The values use ${Math.log2(high + 1)} bits of a deeper file: read from ${ends}.`;
    case 'unit':
      return `The values are read from ${ends}.`;
    case 'spread':
      return `The values are read from ${ends}, between which 99.8 % of them lie.`;
    case 'chosen':
      return `The values are read from ${ends}, as chosen.`;
  }
}
