import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { conversationSchema, newId } from '@/lib/contract';
import {
  answered,
  ask,
  conversationId,
  dropFiles,
  lastAnswer,
  launchBrowser,
  openWorkbench,
  SAMPLE,
  serverUrl,
} from './support/browser';
import { maskIou } from './support/masks';

const TRUE_MASK = join(process.cwd(), 'tests/fixtures/masks/cracked-cookie.png');

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launchBrowser();
  ({ page, errors } = await openWorkbench(browser));
});
afterAll(() => browser.close());

it('streams an answer about a dropped photo: progress first, words before the end', async () => {
  // Written down as it happens: an answer from a warm cache is quicker than a look from outside.
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const firstLook = document.querySelector('[data-first-look]');
      if (firstLook && !seen.includes('first look')) {
        const isAlone = document.querySelector('[data-image-card]') === null;
        seen.push(isAlone ? 'first look' : 'first look beside the card');
      }
      const running = document.querySelector('[data-role=assistant][data-state=running]');
      if (document.querySelector('[data-progress]')) {
        seen.push('progress');
      } else if ((running?.querySelector('.answer, p')?.textContent ?? '').trim() !== '') {
        seen.push('words');
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  // A photo that this server has never seen: its inspection takes its time.
  const photo = await sharp(SAMPLE)
    .withExif({ IFD0: { Copyright: newId() } })
    .jpeg({ quality: 95 })
    .toBuffer();
  await dropFiles(page, [{ name: 'cracked-cookie.jpg', bytes: photo }]);
  await page.waitForSelector('[data-attachment=ready]');
  await ask(page);
  await page.waitForSelector('[data-role=assistant]');
  await answered(page);
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen[0]).toBe('progress');
  // The map of the whole image stands in for the card until the tiles have been looked at.
  expect(seen).toContain('first look');
  expect(await page.$('[data-first-look]')).toBeNull();
  // Words are on the page while the answer is still being written.
  expect(seen).toContain('words');
  expect((await lastAnswer(page).innerText()).length).toBeGreaterThan(20);
  expect(new URL(page.url()).searchParams.get('c')).toMatch(/^[\w-]{22}$/);
});

it('draws a mask over the defect', async () => {
  const drawn = await page.$eval('[data-mask-canvas]', (canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) {
      return 0;
    }
    const data =
      canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  });
  expect(drawn).toBeGreaterThan(0);

  const response = await fetch(`${serverUrl()}/api/conversations/${conversationId(page)}`);
  const conversation = conversationSchema.parse(await response.json());
  const mask = conversation.messages.flatMap(({ parts }) => parts).find((part) => part.type === 'data-mask');
  expect(mask).toBeDefined();
  if (mask?.type === 'data-mask') {
    const iou = await maskIou(mask.data.rle, TRUE_MASK);
    process.stderr.write(`IoU of the mask drawn in the page with the true mask: ${iou.toFixed(3)}\n`);
    expect(iou).toBeGreaterThan(0);
    expect(mask.data.areaFraction).toBeLessThan(0.6);
  }
});

it('lists the regions under Problems and zooms to one', async () => {
  await page.keyboard.press('Control+Shift+M');
  await page.click('[data-problem] >> nth=0');
  await page.waitForSelector('[data-image-editor]');
  const zoom = page.locator('output[aria-label=Zoom]');
  await zoom.waitFor();
  await page.waitForFunction(
    () => !/^100 %$/.test(document.querySelector('output[aria-label=Zoom]')?.textContent ?? '100 %'),
  );
  expect(await page.locator('[data-image-editor] [aria-pressed=true]').count()).toBeGreaterThan(0);
});

it('colours the anomaly map, reads values under the pointer and compares', async () => {
  await page.focus('[role=application]');
  await page.keyboard.press('0');
  await page.keyboard.press('h');
  const stage = page.locator('[role=application]');
  const box = await stage.boundingBox();
  expect(box).not.toBeNull();
  if (box) {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  }
  await page.waitForFunction(() =>
    /anomaly \d\.\d\d/.test(document.querySelector('[data-hover-values]')?.textContent ?? ''),
  );
});

it('asks a follow-up with one click', async () => {
  await page.click('[data-followup] >> nth=0');
  await answered(page, 2);
  expect((await lastAnswer(page).innerText()).length).toBeGreaterThan(20);
  expect(await page.locator('[data-role=user]').count()).toBe(2);
});

it('ran without an error on the page', () => {
  expect(errors).toEqual([]);
});
