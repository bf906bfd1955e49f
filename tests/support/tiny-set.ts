import sharp from 'sharp';

/** A grey PNG with a bright square, and the square's mask. */
export type TinyImage = { image: Uint8Array; mask: Uint8Array };

/**
 * @param brightness of the square, 0..255; the background is 100 with a slight slope
 * @param at the square's top left corner; undefined for none
 */
export async function tinyImage(
  width: number,
  height: number,
  brightness: number,
  at?: { x: number; y: number; side: number },
): Promise<TinyImage> {
  const image = new Uint8Array(width * height * 3);
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = at !== undefined && x >= at.x && x < at.x + at.side && y >= at.y && y < at.y + at.side;
      image.fill(inside ? brightness : 100 + Math.round((6 * x) / width), (y * width + x) * 3, (y * width + x) * 3 + 3);
      mask[y * width + x] = inside ? 255 : 0;
    }
  }
  const png = (data: Uint8Array, channels: 1 | 3): Promise<Uint8Array> =>
    sharp(data, { raw: { width, height, channels } })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .png()
      .toBuffer();
  return { image: await png(image, 3), mask: await png(mask, 1) };
}

/**
 * A set in MVTec AD's layout: `<category>/train/good` (4), `test/good` (6), `test/spot` (5) with masks. Defects are
 * bright and easy, the last normal image has a faint spot.
 */
export async function tinyMvtecSet(categories: readonly string[]): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const category of categories) {
    for (let i = 0; i < 4; i += 1) {
      files[`${category}/train/good/${i}.png`] = (await tinyImage(40, 30, 0)).image;
    }
    for (let i = 0; i < 6; i += 1) {
      const spot = i === 5 ? { x: 3, y: 3, side: 4 } : undefined;
      files[`${category}/test/good/${i}.png`] = (await tinyImage(40, 30, 120, spot)).image;
    }
    for (let i = 0; i < 5; i += 1) {
      const { image, mask } = await tinyImage(40, 30, 150 + 20 * i, { x: 5 + 4 * i, y: 6 + 2 * i, side: 6 });
      files[`${category}/test/spot/${i}.png`] = image;
      files[`${category}/ground_truth/spot/${i}_mask.png`] = mask;
    }
  }
  return files;
}
