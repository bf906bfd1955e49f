import { join } from 'node:path';
import { Similarity } from '@/lib/anomaly/similarity';
import { type Bundle, openBundle } from '@/lib/engine/bundle';

/** The bundle of the repository and its comparisons, opened before the tests of a file and closed after them. */
export type Opened = { bundle: Bundle; similarity: Similarity };

/** Registers opening and closing; what it returns can be read inside of tests. */
export function openSimilarity(): Opened {
  const opened: Partial<Opened> = {};
  beforeAll(async () => {
    opened.bundle = await openBundle(join(__dirname, '../../models/mini'));
    opened.similarity = await Similarity.open(opened.bundle);
  });
  afterAll(() => opened.similarity?.close());
  const present = <Name extends keyof Opened>(name: Name): Opened[Name] => {
    const found = opened[name];
    if (found === undefined) {
      throw new Error(`The ${name} is opened before the tests, not while they are registered.`);
    }
    return found;
  };
  return {
    get bundle() {
      return present('bundle');
    },
    get similarity() {
      return present('similarity');
    },
  };
}
