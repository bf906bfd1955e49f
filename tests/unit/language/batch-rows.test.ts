import { BatchRows, fitTogether } from '@/lib/language/batch-rows';
import { KvCache, UNSEEN } from '@/lib/language/kv-cache';

const SIZES = { layers: 2, kvHeads: 2, headDim: 2, context: 512, vocab: 4, width: 2 };
const KV_WIDTH = 4;

/** What a cache holds at a place; a number of its own for every cache, layer, kind, position, head and element. */
const held = (sequence: number, layer: number, kind: 'key' | 'value', position: number, element: number) =>
  sequence * 100_000 + position * 100 + layer * 20 + (kind === 'key' ? 0 : 10) + element;

/** Appends positions to a cache as a step of three rows would of which it is the middle one. */
function grow(cache: KvCache, sequence: number, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const position = cache.keys.length;
    const rowsOf = (kind: 'key' | 'value') =>
      Float32Array.from({ length: SIZES.layers * 3 * KV_WIDTH }, (_, at) => {
        const [layer, row] = [Math.floor(at / (3 * KV_WIDTH)), Math.floor(at / KV_WIDTH) % 3];
        return row === 1 ? held(sequence, layer, kind, position, at % KV_WIDTH) : NaN;
      });
    const [logits, hidden] = [new Float32Array(3 * SIZES.vocab), new Float32Array(3 * SIZES.width)];
    cache.append(position, { keys: rowsOf('key'), values: rowsOf('value'), logits, hidden }, 1, 3);
  }
}

function made(sequence: number, count: number): KvCache {
  const cache = new KvCache(SIZES);
  grow(cache, sequence, count);
  return cache;
}

/** Holds the caches, and compares what would be fed with what they hold. */
function check(rows: BatchRows, caches: Map<KvCache, number>): void {
  const order = rows.hold([...caches.keys()]);
  expect(new Set(order)).toEqual(new Set(caches.keys()));
  const { mask, position, ...fed } = rows.feeds();
  const past = mask?.dims.at(-1) ?? 0;
  expect([...(position?.data ?? [])]).toEqual(order.map(({ keys }) => BigInt(keys.length)));
  const seen = order.flatMap(({ keys }) => Array.from({ length: past }, (_, at) => (at < keys.length ? 0 : UNSEEN)));
  expect([...(mask?.data as Float32Array)]).toEqual([...Float32Array.from(seen)]);
  for (let layer = 0; layer < SIZES.layers; layer += 1) {
    for (const kind of ['key', 'value'] as const) {
      const { dims, data } = fed[`${kind}_cache.${layer}`] ?? { dims: [], data: [] };
      expect(dims).toEqual([order.length, SIZES.kvHeads, past, SIZES.headDim]);
      const found: number[] = [];
      const wanted: number[] = [];
      order.forEach((cache, row) => {
        for (let head = 0; head < SIZES.kvHeads; head += 1) {
          for (let at = 0; at < cache.keys.length; at += 1) {
            for (let i = 0; i < SIZES.headDim; i += 1) {
              found.push(Number(data[((row * SIZES.kvHeads + head) * past + at) * SIZES.headDim + i]));
              wanted.push(held(caches.get(cache) ?? NaN, layer, kind, at, head * SIZES.headDim + i));
            }
          }
        }
      });
      expect(found).toEqual(wanted);
    }
  }
}

describe('BatchRows', () => {
  it('feeds what the caches hold, as sequences grow, leave, join and come back', () => {
    const rows = new BatchRows(SIZES);
    const [a, b, c] = [made(1, 3), made(2, 60), made(3, 10)];
    check(rows, new Map([[a, 1], [b, 2]])); // prettier-ignore
    grow(a, 1, 1);
    grow(b, 2, 1);
    check(rows, new Map([[a, 1], [b, 2], [c, 3]])); // prettier-ignore
    // Beyond the padding: all rows move apart.
    grow(b, 2, 20);
    check(rows, new Map([[c, 3], [b, 2], [a, 1]])); // prettier-ignore
    // The first leaves, and the last takes its place.
    check(rows, new Map([[b, 2], [c, 3]])); // prettier-ignore
    grow(a, 1, 200);
    check(rows, new Map([[a, 1], [b, 2], [c, 3]])); // prettier-ignore
    // The longest leaves: the rows move together.
    check(rows, new Map([[b, 2], [c, 3]])); // prettier-ignore
    check(rows, new Map([[c, 3]]));
  });

  it('copies a cache again that has forgotten positions and holds others instead', () => {
    const rows = new BatchRows(SIZES);
    const [a, b] = [made(1, 20), made(2, 20)];
    check(rows, new Map([[a, 1], [b, 2]])); // prettier-ignore
    a.truncate(0);
    grow(a, 3, 20);
    check(rows, new Map([[a, 3], [b, 2]])); // prettier-ignore
  });
});

describe('fitTogether', () => {
  it('takes any one, several of about one length, and not more than there is room for', () => {
    expect(fitTogether([2047])).toBe(true);
    expect(fitTogether([300, 420, 350, 380, 310, 300, 410, 500])).toBe(true);
    expect(fitTogether(Array.from({ length: 9 }, () => 100))).toBe(false);
    expect(fitTogether([1900, 1900, 1900, 1900])).toBe(false);
  });

  it('does not pad a short one to the length of a long one', () => {
    expect(fitTogether([100, 1900])).toBe(false);
    expect(fitTogether([100, 500])).toBe(true);
  });
});
