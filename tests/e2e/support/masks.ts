import sharp from 'sharp';

type Rle = { size: readonly [number, number]; counts: readonly number[] };

/** Row-major pixels (0/1) of COCO run lengths. */
function decodeRle({ size: [height, width], counts }: Rle): Uint8Array {
  const pixels = new Uint8Array(width * height);
  let at = 0;
  counts.forEach((count, run) => {
    for (let index = at; index < at + count; index += 1) {
      pixels[(index % height) * width + Math.floor(index / height)] = run % 2;
    }
    at += count;
  });
  return pixels;
}

/** Intersection over union of a model's mask and a true mask file (white is the defect). */
export async function maskIou(rle: Rle, truePath: string): Promise<number> {
  const [height, width] = rle.size;
  const truth = await sharp(truePath)
    .resize(width, height, { kernel: 'nearest', fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer();
  const mask = decodeRle(rle);
  let both = 0;
  let either = 0;
  mask.forEach((value, index) => {
    const real = (truth[index] ?? 0) > 127;
    both += value && real ? 1 : 0;
    either += value || real ? 1 : 0;
  });
  return either === 0 ? 0 : both / either;
}
