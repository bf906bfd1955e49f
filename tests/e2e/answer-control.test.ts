import type { Browser, Page } from 'playwright-core';
import { answered, ask, askAboutSample, lastAnswer, launchBrowser, openWorkbench } from './support/browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const someWords = (page: Page) =>
  page.waitForFunction(() => {
    const running = document.querySelector('[data-role=assistant][data-state=running]');
    return (running?.querySelector('.answer, p')?.textContent ?? '').trim().length > 8;
  });

it('stops an answer, keeps its words, and writes it again as a second branch', async () => {
  const { page, context } = await openWorkbench(browser, { rambling: true });
  await askAboutSample(page);
  await someWords(page);
  await page.click('[data-stop]');
  await answered(page);
  expect(await lastAnswer(page).getAttribute('data-state')).toBe('stopped');
  expect(await lastAnswer(page).innerText()).toContain('You stopped this answer.');

  await page.click('[aria-label="Regenerate answer"]');
  await page.waitForSelector('[data-role=assistant] [aria-label=Branches]');
  await answered(page);
  expect(await page.locator('[data-role=assistant] [aria-label=Branches]').innerText()).toContain('2 / 2');
  await page.click('[data-role=assistant] [aria-label="Previous branch"]');
  await page.waitForSelector('[data-role=assistant][data-state=stopped]');
  await context.close();
});

it('goes on with an answer after a reload in its middle', async () => {
  const { page, context } = await openWorkbench(browser, { rambling: true });
  await askAboutSample(page);
  await someWords(page);
  await page.reload();
  await page.waitForSelector('[data-role=user]');
  await answered(page);
  expect(await lastAnswer(page).getAttribute('data-state')).toBe('complete');
  const text = await lastAnswer(page).innerText();
  await page.reload();
  await answered(page);
  // Joined from its start, not appended to what was there.
  expect(await lastAnswer(page).innerText()).toBe(text);
  await context.close();
});

it('edits a question into a branch and switches between the two', async () => {
  const { page, context } = await openWorkbench(browser);
  await askAboutSample(page);
  await answered(page);
  const first = await page.locator('[data-role=user] p').innerText();
  await page.hover('[data-role=user]');
  await page.click('[aria-label="Edit question"]');
  await page.fill('textarea[aria-label="Edit question"]', 'What kind of defect is this?');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    document.querySelector('[data-role=user]')?.textContent?.includes('What kind of defect'),
  );
  await answered(page);
  await page.waitForSelector('[data-role=user] [aria-label=Branches]');
  expect(await page.locator('[data-role=user] [aria-label=Branches]').innerText()).toContain('2 / 2');
  await page.click('[data-role=user] [aria-label="Previous branch"]');
  await page.waitForFunction((text) => document.querySelector('[data-role=user]')?.textContent?.includes(text), first);
  await page.reload();
  await page.waitForSelector('[data-role=user]');
  // The branch that was shown is shown again.
  expect(await page.locator('[data-role=user]').innerText()).toContain(first);
  await context.close();
});

it('keeps two tabs on one conversation in step', async () => {
  const { page, context } = await openWorkbench(browser);
  await askAboutSample(page);
  await answered(page);
  const { page: second } = await openWorkbench(browser, {
    context,
    path: new URL(page.url()).search.replace(/^/, '/'),
  });
  await second.waitForSelector('[data-role=assistant]');
  await ask(page, 'What should be done about it?');
  await answered(page, 2);
  await answered(second, 2);
  expect(await lastAnswer(second).innerText()).toBe(await lastAnswer(page).innerText());
  await context.close();
});

it('says that the server is gone, keeps the draft, and recovers', async () => {
  const { page, context } = await openWorkbench(browser);
  await page.fill('[data-composer]', 'half a question');
  await context.setOffline(true);
  await page.waitForSelector('text=The LookTwice server does not answer');
  await context.setOffline(false);
  await page.waitForSelector('text=The LookTwice server does not answer', { state: 'detached' });
  await page.reload();
  await page.waitForSelector('[data-composer]');
  expect(await page.inputValue('[data-composer]')).toBe('half a question');
  await context.close();
});
