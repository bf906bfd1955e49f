/** Parts: taught from a chat, recognised in the next picture, corrected, in the gallery and in the editor. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answered, NARROW, openWorkbench, WIDE } from './pages.mjs';
import { openApi, until } from './server.mjs';

const PARTS = {
  'Oat cookie': [
    'cookies/train/good/whole-cookie.jpg',
    'cookies/train/good/cookie-normal-3.jpg',
    'cookies/test/good/cookie-normal-1.jpg',
  ],
  'Test cube': [
    'cubes/train/good/clean-cube.jpg',
    'cubes/train/good/cube-normal-1.jpg',
    'cubes/train/good/cube-normal-3.jpg',
  ],
};
const CRACKED = 'cookies/test/cracked/cookie-cracked-2.jpg';
const FINE = 'cookies/test/good/cookie-normal-2.jpg';

async function upload(url, folder, path) {
  const name = path.split('/').at(-1);
  const response = await fetch(`${url}/api/images?name=${name}`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: readFileSync(join(folder, path)),
  });
  return (await response.json()).id;
}

/** Teaches two parts and waits until their samples are read. */
export async function prepareParts(_browser, server, folder) {
  const api = await openApi(server.url);
  for (const [name, files] of Object.entries(PARTS)) {
    const goldenIds = [];
    for (const file of files) {
      goldenIds.push(await upload(server.url, folder, file));
    }
    await api.send('/api/parts', { name, goldenIds });
  }
  await until(
    () => api.read('/api/parts'),
    ({ parts }) => parts.every(({ bank }) => bank === 'ready'),
  );
  await api.close();
  return { url: server.url, folder };
}

async function ask(page, folder, path) {
  await page.setInputFiles('input[type=file][aria-label="Attach images"]', join(folder, path));
  await page.waitForSelector('[data-attachment=ready]');
  await page.fill('[data-composer]', 'Is there anything wrong?');
  await page.click('[aria-label=Send]');
}

async function chat(browser, { url, folder }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE });
  await ask(page, folder, CRACKED);
  await answered(page, 1);
  await shot('part-recognised');
  await page.click('[aria-label="Correct the verdict"] >> text=Right');
  await page.waitForSelector('[role=dialog] >> text=Learn it');
  await shot('part-correction');
  await page.click('[role=dialog] >> text=Cancel');
  await page.click('[aria-label="Change the part"]');
  await page.waitForSelector('[role=menu]');
  await shot('part-change');
  await close();
}

async function gallery(browser, { url }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE });
  await page.keyboard.press('Control+Alt+B');
  await page.click('nav[aria-label=Views] >> [aria-label=Parts]');
  await page.click('[data-part-tile] >> text=Oat cookie');
  await page.waitForSelector('[data-part-editor] figure img');
  await shot('part-editor');
  await close();
}

async function narrow(browser, { url, folder }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: NARROW });
  await ask(page, folder, FINE);
  await answered(page, 1);
  await page.locator('[data-part-chip]').first().scrollIntoViewIfNeeded();
  await shot('part-narrow-chat');
  await page.click('[data-part-chip] button >> nth=0');
  await page.waitForSelector('[data-part-editor] figure img');
  await shot('part-narrow-editor');
  await close();
}

export async function takeParts(browser, prepared, theme) {
  await gallery(browser, prepared, theme);
  await chat(browser, prepared, theme);
  await narrow(browser, prepared, theme);
}
