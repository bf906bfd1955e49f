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

/** Reads values apart by commas, each once. */
export function distinct<T>(read: (text: string) => T): (text: string) => T[] {
  return (text) => [...new Set(text.split(',').map((part) => read(part.trim())))];
}
