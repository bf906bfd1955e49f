import { InvalidArgumentError } from 'commander';

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, previous: string[]): string[] => [...previous, value];

/** Reads a number within a range. */
export function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Reads a whole number within a range. */
export function integer(least: number, most: number): (text: string) => number {
  const read = number(least, most);
  return (text) => {
    if (!/^\d+$/.test(text)) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return read(text);
  };
}

/** Reads the values to show black and white, as `200,2800`. */
function valueWindow(text: string): { low: number; high: number } {
  const [low = NaN, high = NaN, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high) || more.length > 0) {
    throw new InvalidArgumentError('Give two numbers, the lower first, as 200,2800.');
  }
  return { low, high };
}

/** The options that say how a file is read, in the same words for every command. */
export const PAGE_OPTION = ['--page <N>', 'the page of a TIFF stack, from 1', integer(1, 10_000)] as const;
export const WINDOW_OPTION = [
  '--values <LOW,HIGH>',
  'the values to show black and white, of a file with more than 8 bits (otherwise they are found)',
  valueWindow,
] as const;

/** Reads values apart by commas, each once. */
export function distinct<T>(read: (text: string) => T): (text: string) => T[] {
  return (text) => [...new Set(text.split(',').map((part) => read(part.trim())))];
}
