/** Writes a picture of a page into docs/screenshots. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../bootstrap.mjs';

const folder = join(root, 'docs/screenshots');
const MOST_BYTES = 200_000;

/**
 * 256 colours are plenty for an interface, and a quarter of the bytes. A large photo needs fewer, or less dither, to stay below the limit: the first
 * of these that does is taken.
 */
const PALETTES = [
  { colours: 256, dither: 1 },
  { colours: 256, dither: 0.5 },
  { colours: 192, dither: 0.25 },
  { colours: 128, dither: 0 },
  { colours: 96, dither: 0 },
  { colours: 64, dither: 0 },
  { colours: 40, dither: 0 },
  { colours: 28, dither: 0 },
];

/** Saves what the page shows as `NAME.png`. */
export async function save(page, name) {
  const shot = await page.screenshot();
  let png = shot;
  for (const palette of PALETTES) {
    png = await sharp(shot)
      .png({ palette: true, effort: 8, ...palette })
      .toBuffer();
    if (png.length < MOST_BYTES) {
      break;
    }
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), png);
  console.log(`${name} ${Math.round(png.length / 1000)} kB`);
}
