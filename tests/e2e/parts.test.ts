import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { makeFlange } from '../support/flange';
import { answered, ask, dropFiles, lastAnswer, launchBrowser, openWorkbench, serverUrl } from './support/browser';

let browser: Browser;
let page: Page;
let errors: string[];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-flanges-'));
  browser = await launchBrowser();
  ({ page, errors } = await openWorkbench(browser));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

async function draw(seed: number, options = {}): Promise<string> {
  const file = join(folder, `flange-${seed}.png`);
  await writeFile(file, await makeFlange(seed, options));
  return file;
}

async function askAbout(file: string): Promise<void> {
  await page.keyboard.press('Control+Alt+N');
  await page.waitForSelector('[data-sample=cookie]');
  await dropFiles(page, [file]);
  await page.waitForSelector('[data-attachment=ready]');
  await ask(page, 'Is there anything wrong?');
  await answered(page);
}

async function partNamed(name: string) {
  const { parts } = (await (await fetch(`${serverUrl()}/api/parts`)).json()) as {
    parts: { id: string; name: string; bank: string; golden: number; threshold: number | null }[];
  };
  return parts.find((part) => part.name === name);
}

async function untilReady(name: string, golden: number): Promise<void> {
  for (;;) {
    const part = await partNamed(name);
    if (part?.bank === 'ready' && part.golden === golden) {
      return;
    }
    await page.waitForTimeout(500);
  }
}

it('makes a part from an answer, by keyboard, and adds samples in its editor', async () => {
  await askAbout(await draw(1));
  await lastAnswer(page).locator('role=button[name="This is a good one"]').focus();
  await page.keyboard.press('Enter');
  const name = page.locator('[role=dialog] input');
  await name.waitFor();
  await name.fill('Flange');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.press('p');
  await page.click('[data-part-tile] >> text=Flange');
  await page.setInputFiles('input[aria-label="Add good samples"]', [await draw(2), await draw(3), await draw(4)]);
  await untilReady('Flange', 4);
  await page.waitForSelector('[data-part-editor] >> text=/Ready/');
});

it('recognises the next one, learns from a correction, and takes it back', async () => {
  await askAbout(await draw(9, { defect: true }));
  const chip = lastAnswer(page).locator('[data-part-chip]');
  await chip.waitFor();
  expect(await chip.innerText()).toContain('compared with 4 good samples of Flange');
  const before = (await partNamed('Flange'))?.threshold;
  await lastAnswer(page).locator('role=button[name="This is fine"]').click();
  await page.click('[role=dialog] >> role=button[name="Learn it"]');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await untilReady('Flange', 5);
  // The same again is judged by what was learnt.
  await lastAnswer(page).locator('role=button[name="Regenerate answer"]').click();
  await page.waitForFunction(() => document.querySelector('[data-part-chip]')?.textContent?.includes('5 good samples'));
  await answered(page);
  expect(await lastAnswer(page).locator('[data-verdict]').first().getAttribute('data-verdict')).toBe('normal');
  await page.click('[data-part-chip] >> role=button[name="Flange"]');
  await page.click('[data-part-editor] >> role=button[name="Undo"]');
  await untilReady('Flange', 4);
  expect((await partNamed('Flange'))?.threshold).toBeCloseTo(before ?? NaN, 6);
});

it('compares with none when asked to', async () => {
  await lastAnswer(page).locator('role=button[name="Change the part"]').click();
  await page.click('role=menuitem[name="None: judge it alone"]');
  await page.waitForSelector('[data-part-chip=none]');
  await answered(page);
});

it('raises no error in the page', () => {
  expect(errors).toEqual([]);
});
