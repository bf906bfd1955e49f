/** Patches kept per view kind and level: more are thinned out evenly, which bounds the time of one comparison. */
export const MAX_BANK_PATCHES = 6_272;

/** A reference's patches in the bank: rows [start, end). */
export type Range = { start: number; end: number };
/** A patch of the bank: the `row`-th of a reference. */
export type BankRow = { reference: number; row: number };

/** Which of `total` rows stay when at most `most` do, evenly spread; `phase` (0 to below 1) says where in each step. */
export function evenly(total: number, most: number, phase = 0): Int32Array {
  const count = Math.min(total, most);
  return Int32Array.from({ length: count }, (_, index) => Math.floor(((index + phase) * total) / count));
}

/** Which patches (`row` of which reference) stay in the bank, evenly spread, and where each reference's are. */
export function thinOut(counts: readonly number[]): { rows: BankRow[]; ranges: Range[] } {
  const kept = evenly(
    counts.reduce((sum, count) => sum + count, 0),
    MAX_BANK_PATCHES,
  );
  const rows: BankRow[] = [];
  const ranges: Range[] = [];
  let first = 0;
  for (const [reference, count] of counts.entries()) {
    const start = rows.length;
    for (let at = kept[start]; at !== undefined && at < first + count; at = kept[rows.length]) {
      rows.push({ reference, row: at - first });
    }
    ranges.push({ start, end: rows.length });
    first += count;
  }
  return { rows, ranges };
}

/** The chosen rows of `values` [N,width]. */
export function pickRows(values: Float32Array, chosen: Int32Array, width: number): Float32Array {
  const out = new Float32Array(chosen.length * width);
  for (const [index, row] of chosen.entries()) {
    out.set(values.subarray(row * width, (row + 1) * width), index * width);
  }
  return out;
}

/** The patches of the bank, [rows, width]. */
export function gather(references: readonly Float32Array[], rows: readonly BankRow[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [index, { reference, row }] of rows.entries()) {
    out.set(references[reference]?.subarray(row * width, (row + 1) * width) ?? [], index * width);
  }
  return out;
}

/** The values without those of one reference; `width` values make a row. */
export function without(
  values: Float32Array,
  { start, end }: Range = { start: 0, end: 0 },
  width: number,
): Float32Array {
  const out = new Float32Array(values.length - (end - start) * width);
  out.set(values.subarray(0, start * width));
  out.set(values.subarray(end * width), start * width);
  return out;
}
