/** A binary mask: `data` has width x height bytes, 0 or 1, row-major. Runs in the browser too, as all geometry here. */
export type Mask = { width: number; height: number; data: Uint8Array };

/** [x, y, width, height] in pixels. */
export type Bbox = [number, number, number, number];

/** An empty mask. */
export function createMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** The number of pixels that are set. */
export function maskArea(mask: Mask): number {
  let area = 0;
  for (const value of mask.data) {
    area += value;
  }
  return area;
}

/** Scales a mask to width x height: each pixel takes the value under its centre. */
export function scaleMask(mask: Mask, width: number, height: number): Mask {
  if (mask.width === width && mask.height === height) {
    return mask;
  }
  const out = createMask(width, height);
  const columns = nearestIndices(width, mask.width);
  const rows = nearestIndices(height, mask.height);
  for (let y = 0; y < height; y += 1) {
    const from = (rows[y] ?? 0) * mask.width;
    const to = y * width;
    for (let x = 0; x < width; x += 1) {
      out.data[to + x] = mask.data[from + (columns[x] ?? 0)] ?? 0;
    }
  }
  return out;
}

/** For each of `length` pixels, the index among `sourceLength` whose extent contains its centre. */
export function nearestIndices(length: number, sourceLength: number): Int32Array {
  return Int32Array.from({ length }, (_, i) =>
    Math.min(sourceLength - 1, Math.floor(((i + 0.5) * sourceLength) / length)),
  );
}
