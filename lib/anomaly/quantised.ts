/**
 * Vectors of unit length as bytes, [N,width]: a quarter of the space, and cosines stay as they were to about 1e-4 for
 * 384 numbers. Their lengths are not kept, since they are known.
 */
export function quantise(rows: Float32Array, width: number): Int8Array {
  const values = new Int8Array(rows.length);
  for (let start = 0; start < rows.length; start += width) {
    let most = 0;
    for (let i = start; i < start + width; i += 1) {
      most = Math.max(most, Math.abs(rows[i] ?? 0));
    }
    for (let i = start; most > 0 && i < start + width; i += 1) {
      values[i] = Math.round(((rows[i] ?? 0) / most) * 127);
    }
  }
  return values;
}

/** The vectors again, [N,width], of unit length. */
export function unitRows(values: Int8Array, width: number): Float32Array {
  const rows = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    let squares = 0;
    for (let i = start; i < start + width; i += 1) {
      squares += (values[i] ?? 0) ** 2;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = start; i < start + width; i += 1) {
      rows[i] = (values[i] ?? 0) * scale;
    }
  }
  return rows;
}

/** The chosen rows of `values` [N,width]. */
export function pickBytes(values: Int8Array, chosen: Int32Array, width: number): Int8Array {
  const picked = new Int8Array(chosen.length * width);
  for (const [index, row] of chosen.entries()) {
    picked.set(values.subarray(row * width, (row + 1) * width), index * width);
  }
  return picked;
}
