import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { closeDatabase } from '@/lib/database/client';
import { drawStroke } from '@/lib/segmentation/brush';
import { createMask, maskArea } from '@/lib/segmentation/mask';
import { grow, union } from '@/lib/segmentation/morphology';
import { polygonsToMask, type Point } from '@/lib/segmentation/polygon';
import { decodeRle } from '@/lib/segmentation/rle';
import { launchBrowser } from './support/browser';
import { openReview, readItem, seedSet, type SeededSet } from './support/review-set';

const SIZE = { width: 97, height: 61 };

let browser: Browser;
let page: Page;
let errors: string[];
let set: SeededSet;

beforeAll(async () => {
  const noise = Buffer.from(Array.from({ length: SIZE.width * SIZE.height * 3 }, (_, i) => 90 + ((i * 37) % 60)));
  const bytes = await sharp(noise, { raw: { ...SIZE, channels: 3 } })
    .png()
    .toBuffer();
  const other = await sharp(noise, { raw: { ...SIZE, channels: 3 } })
    .negate()
    .png()
    .toBuffer();
  set = await seedSet([
    { name: 'noise.png', bytes },
    { name: 'other.png', bytes: other },
  ]);
  browser = await launchBrowser();
  ({ page, errors } = await openReview(browser, set));
});
afterAll(async () => {
  await browser.close();
  await closeDatabase();
});

/** The page's own arithmetic from the screen to the image: where the picture lies, and how large it is shown. */
async function viewport() {
  return page.$eval('[data-review-stage]', (stage) => {
    const { left, top } = stage.getBoundingClientRect();
    const [scale = 1, x = 0, y = 0] = (stage.querySelector('[data-view]')?.getAttribute('data-view') ?? '')
      .split(' ')
      .map(Number);
    return { left, top, scale, x, y };
  });
}

/** A whole screen pixel near an image point, and the image point that it really is. */
async function aim(point: Point): Promise<{ screen: Point; image: Point }> {
  const { left, top, scale, x, y } = await viewport();
  const screen = { x: Math.round(left + x + point.x * scale), y: Math.round(top + y + point.y * scale) };
  return { screen, image: { x: (screen.x - left - x) / scale, y: (screen.y - top - y) / scale } };
}

/** Drags through points and returns where the pointer was, in image coordinates. */
async function drag(points: readonly Point[]): Promise<Point[]> {
  const aimed = [];
  for (const point of points) {
    aimed.push(await aim(point));
  }
  const [first, ...rest] = aimed;
  await page.mouse.move(first?.screen.x ?? 0, first?.screen.y ?? 0);
  await page.mouse.down();
  for (const { screen } of rest) {
    await page.mouse.move(screen.x, screen.y);
    // One event per frame: a browser may join the events of one frame.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
  await page.mouse.up();
  return aimed.map(({ image }) => image);
}

const radius = () =>
  page.evaluate(
    () => (JSON.parse(localStorage.getItem('looktwice.mask-tools.1') ?? '{}') as { radius: number }).radius,
  );

it('saves exactly the pixels that brush, eraser, polygon and growing drew, and shows exactly these', async () => {
  const expected = createMask(SIZE.width, SIZE.height);
  const stroke = (points: readonly Point[], size: number, value: 0 | 1) => {
    points.forEach((point, index) => drawStroke(expected, points[Math.max(0, index - 1)] ?? point, point, size, value));
  };
  await page.keyboard.press('b');
  await page.keyboard.press(']');
  const large = await radius();
  stroke(
    await drag([
      { x: 12, y: 10 },
      { x: 40, y: 22 },
      { x: 55, y: 12 },
    ]),
    large,
    1,
  );
  stroke(await drag([{ x: 20, y: 50 }]), large, 1);

  await page.keyboard.press('e');
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  stroke(
    await drag([
      { x: 30, y: 5 },
      { x: 34, y: 30 },
    ]),
    await radius(),
    0,
  );

  // A polygon, closed with Enter.
  await page.keyboard.press('p');
  const corners: Point[] = [];
  for (const corner of [
    { x: 60.3, y: 30.2 },
    { x: 90.7, y: 33.1 },
    { x: 84.2, y: 55.9 },
    { x: 70.4, y: 41.3 },
  ]) {
    const { screen, image } = await aim(corner);
    await page.mouse.click(screen.x, screen.y);
    corners.push(image);
  }
  await page.keyboard.press('Enter');
  expected.data.set(union(expected, polygonsToMask([corners], SIZE.width, SIZE.height)).data);

  await page.keyboard.press('.');
  const grown = grow(expected, 1);

  // Something is drawn and taken back: it leaves no trace. Then one step is undone and done again.
  await page.keyboard.press('b');
  await drag([
    { x: 5, y: 55 },
    { x: 90, y: 58 },
  ]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');

  // What is shown: the colour of the middle of every image pixel.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const shown = await page.$eval(
    '[data-mask-version]',
    (canvas, { width, height }) => {
      const [scale = 1, x = 0, y = 0] = (document.querySelector('[data-view]')?.getAttribute('data-view') ?? '')
        .split(' ')
        .map(Number);
      const context = canvas instanceof HTMLCanvasElement ? canvas.getContext('2d') : null;
      return Array.from({ length: width * height }, (_, index) => {
        const column = Math.floor(x + ((index % width) + 0.5) * scale);
        const row = Math.floor(y + (Math.floor(index / width) + 0.5) * scale);
        return (context?.getImageData(column, row, 1, 1).data[3] ?? 0) > 0 ? 1 : 0;
      });
    },
    SIZE,
  );
  expect(shown).toEqual([...grown.data]);

  await page.keyboard.press('a');
  await page.waitForSelector(`[data-review-item="${set.itemIds[1]}"]`);
  const { mask } = await readItem(set, 0);
  expect(mask).not.toBeNull();
  const saved = mask ? decodeRle(mask) : createMask(1, 1);
  expect(maskArea(saved)).toBeGreaterThan(500);
  expect([...saved.data]).toEqual([...grown.data]);
});

it('is the same mask when it is opened again', async () => {
  await page.keyboard.press('k');
  await page.waitForSelector(`[data-review-item="${set.itemIds[0]}"]`);
  const before = (await readItem(set, 0)).annotation.maskId;
  await page.focus('[data-review-stage]');
  await page.keyboard.press('a');
  await page.waitForSelector(`[data-review-item="${set.itemIds[1]}"]`);
  expect((await readItem(set, 0)).annotation.maskId).toBe(before);
});

it('ran without an error on the page', () => {
  expect(errors).toEqual([]);
});
