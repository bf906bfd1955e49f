/** The workbench itself: start, answer, image editor, Explorer, search, settings. */
import { answered, askFollowUp, askSample, NARROW, openWorkbench, WIDE } from './pages.mjs';

async function wide(browser, url, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE });
  await shot('welcome');
  await askSample(page, 'cookie', 1);
  await answered(page, 1);
  await page.keyboard.press('F8');
  await page.waitForSelector('[data-image-editor]');
  await page.focus('[role=application]');
  await page.keyboard.press('0');
  await shot('answer');
  await page.keyboard.press('h');
  await page.keyboard.press('Control+Shift+M');
  await shot('anomaly-map-and-problems');
  await page.focus('[role=application]');
  await page.keyboard.press('h');
  await page.keyboard.press('Control+Shift+M');
  await askFollowUp(page);
  await shot('follow-up');
  await page.keyboard.press('Control+Alt+N');
  await page.waitForSelector('[data-sample=cube]');
  await askSample(page, 'cube', 2);
  await answered(page, 1);
  await page.keyboard.press('Control+Shift+E');
  await page.dblclick('[data-image-row][title="marked-cube.jpg"] >> nth=0');
  await page.waitForSelector('[data-image-editor]');
  await page.focus('[role=application]');
  await page.keyboard.press('c');
  await shot('compare');
  await page.keyboard.press('c');
  await page.keyboard.press('Control+\\');
  await page.click('[data-image-row][title="cracked-cookie.jpg"]', { modifiers: [] });
  await page.waitForTimeout(1500);
  await shot('explorer-and-split');
  await page.keyboard.press('Control+P');
  await page.waitForSelector('[cmdk-item]');
  await shot('quick-open');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+F');
  await page.fill('[aria-label="Search in conversations"]', 'region');
  await page.waitForSelector('[role=status] >> text=/conversation/');
  await page.keyboard.press('F1');
  await page.waitForSelector('[cmdk-item]');
  await shot('search-and-palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+U');
  await page.keyboard.press('Control+,');
  await page.waitForSelector('h2 >> text=Settings');
  await shot('settings-and-output');
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+S');
  await page.waitForSelector('[aria-label="Search shortcuts"]');
  await page.click('role=tab[name="Timings"]');
  await shot('shortcuts-and-timings');
  await close();
}

async function narrow(browser, url, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: NARROW });
  await shot('narrow-start');
  await askSample(page, 'cookie', 1);
  await answered(page, 1);
  await shot('narrow-answer');
  await page.click('nav[aria-label=Panes] >> text=Problems');
  await shot('narrow-problems');
  await page.click('[data-problem] >> nth=0');
  await page.waitForSelector('[data-image-editor]');
  await shot('narrow-image');
  await close();
}

export async function takeWorkbench(browser, { url }, theme) {
  await wide(browser, url, theme);
  await narrow(browser, url, theme);
}
