import { type Mask, createMask } from './mask';

/**
 * Flood fill: the pixels that can be reached from the seeds by 4-neighbour steps over accepted pixels.
 * @param seeds pixel indices (row-major); one that is not accepted starts nothing
 * @param accepts whether the pixel at an index belongs; asked at most once per neighbour
 */
export function flood(
  width: number,
  height: number,
  seeds: Iterable<number>,
  accepts: (index: number) => boolean,
): Mask {
  const filled = createMask(width, height);
  let stack = new Int32Array(1024);
  let size = 0;
  const visit = (index: number) => {
    if (filled.data[index] !== 0 || !accepts(index)) {
      return;
    }
    filled.data[index] = 1;
    if (size === stack.length) {
      const larger = new Int32Array(stack.length * 2);
      larger.set(stack);
      stack = larger;
    }
    stack[size] = index;
    size += 1;
  };
  for (const seed of seeds) {
    visit(seed);
    while (size > 0) {
      size -= 1;
      const index = stack[size] ?? 0;
      const x = index % width;
      if (x > 0) {
        visit(index - 1);
      }
      if (x + 1 < width) {
        visit(index + 1);
      }
      if (index >= width) {
        visit(index - width);
      }
      if (index + width < filled.data.length) {
        visit(index + width);
      }
    }
  }
  return filled;
}

/** Indices of the pixels at the image's border. */
function* borderIndices(width: number, height: number): Generator<number> {
  for (let x = 0; x < width; x += 1) {
    yield x;
    yield (height - 1) * width + x;
  }
  for (let y = 0; y < height; y += 1) {
    yield y * width;
    yield y * width + width - 1;
  }
}

/**
 * Sets the pixels that the mask encloses: those that no 4-neighbour path over unset pixels joins to the image's border.
 */
export function fillHoles(mask: Mask): Mask {
  const { width, height, data } = mask;
  const outside = flood(width, height, borderIndices(width, height), (index) => data[index] === 0);
  const out = createMask(width, height);
  for (let i = 0; i < out.data.length; i += 1) {
    out.data[i] = outside.data[i] === 0 ? 1 : 0;
  }
  return out;
}
