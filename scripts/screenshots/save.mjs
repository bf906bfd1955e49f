/** Writes a picture of a page into docs/screenshots. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../bootstrap.mjs';

const folder = join(root, 'docs/screenshots');
const MOST_BYTES = 200_000;

/**
 * A palette of 256 colours is plenty for an interface, and a quarter of the bytes. A large photo must do with fewer of
 * them to stay below the limit: the first quality that does is taken.
 */
const QUALITIES = [92, 80, 70, 60, 50, 40];

/** Saves what the page shows as `NAME.png`. */
export async function save(page, name) {
  const shot = await page.screenshot();
  let png = shot;
  for (const quality of QUALITIES) {
    png = await sharp(shot).png({ palette: true, effort: 8, quality }).toBuffer();
    if (png.length < MOST_BYTES) {
      break;
    }
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), png);
  console.log(`${name} ${Math.round(png.length / 1000)} kB`);
}
