/** Longest number that a label file may write; what is longer is no number but an attempt to keep the parser busy. */
const MAX_LENGTH = 64;
const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

/**
 * A finite number as label files write it: a number, or text with a point or a comma, perhaps an exponent.
 * @returns undefined for anything else
 */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : undefined;
  }
  if (typeof value !== 'string' || value.length > MAX_LENGTH) {
    return undefined;
  }
  const text = value.trim();
  const number = NUMBER.test(text) ? Number(text.replace(',', '.')) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** All of them as numbers, or undefined when one is none. */
export function toNumbers(values: readonly unknown[]): number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    const number = toNumber(value);
    if (number === undefined) {
      return undefined;
    }
    numbers.push(number);
  }
  return numbers;
}

/** As `toSize`; a side that is not stated, where the other one is, is 0. */
export function toStatedSize(width: unknown, height: unknown): { width: number; height: number } | undefined {
  const [w = 0, h = 0] = [toNumber(width), toNumber(height)].map((side) => Math.max(0, side ?? 0));
  return w > 0 || h > 0 ? { width: w, height: h } : undefined;
}

/** A width and a height in px when both are stated and positive. */
export function toSize(width: unknown, height: unknown): { width: number; height: number } | undefined {
  const [w, h] = [toNumber(width), toNumber(height)];
  return w !== undefined && h !== undefined && w > 0 && h > 0 ? { width: w, height: h } : undefined;
}
