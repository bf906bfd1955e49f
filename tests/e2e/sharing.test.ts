import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeViolations } from './support/axe';
import { answered, askAboutSample, conversationId, launchBrowser, openWorkbench, serverUrl } from './support/browser';

const PASSWORD = 'correct horse battery';

let browser: Browser;
let page: Page;
let reader: BrowserContext;
let link: string;

beforeAll(async () => {
  browser = await launchBrowser();
  ({ page } = await openWorkbench(browser));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: serverUrl() });
  await askAboutSample(page);
  await answered(page);
  // Another browser profile: no cookies, no storage of the workbench.
  reader = await browser.newContext();
});
afterAll(() => browser.close());

const shareLink = async () => (await page.locator('[data-share-link]').inputValue()).trim();

it('makes a link and copies it, in two clicks from the chat', async () => {
  await page.click('[data-part=chat] [aria-label="Share Conversation…"]');
  await page.click('text=Create link and copy it');
  await page.waitForSelector('[data-share-link]');
  link = await shareLink();
  expect(link).toMatch(/\/s\/[\w-]{32}$/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
});

it('shows the answer, the mask and the findings to somebody else, before any script runs', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const visitor = await plain.newPage();
  const response = await visitor.goto(link);
  expect(response?.status()).toBe(200);
  expect(response?.headers()['x-robots-tag']).toContain('noindex');
  expect(response?.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  expect((await visitor.locator('article[aria-label=Answer]').innerText()).length).toBeGreaterThan(20);
  expect(await visitor.locator('[data-shared-mask] path').getAttribute('d')).toMatch(/^M/);
  expect(await visitor.locator('section[aria-label=Findings] tbody tr').count()).toBeGreaterThan(0);
  expect(await visitor.content()).not.toContain('cracked-cookie');
  const picture = await visitor.locator('meta[property="og:image"]').getAttribute('content');
  const preview = await fetch(picture ?? '');
  expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(await visitor.locator('meta[name=robots]').getAttribute('content')).toContain('noindex');
  await plain.close();
});

it('hides the mask and zooms into the picture', async () => {
  const visitor = await reader.newPage();
  await visitor.goto(link);
  await visitor.click('figure [aria-label=Mask]');
  await visitor.waitForSelector('figure [data-shared-mask]', { state: 'detached' });
  await visitor.click('figure [aria-label=Mask]');
  await visitor.click('[aria-label=Zoom]');
  const zoom = visitor.locator('dialog output[aria-label=Zoom]');
  await zoom.waitFor();
  const before = await zoom.innerText();
  await visitor.keyboard.press('+');
  await visitor.waitForFunction((text) => document.querySelector('dialog output')?.textContent !== text, before);
  await visitor.keyboard.press('Escape');
  await visitor.waitForSelector('dialog[open]', { state: 'detached' });
  await visitor.close();
});

it.each(['light', 'dark'] as const)('has no serious accessibility violation in the %s theme', async (colorScheme) => {
  const context = await browser.newContext({ colorScheme });
  const visitor = await context.newPage();
  await visitor.goto(link);
  await visitor.waitForSelector(`[data-theme=${colorScheme}]`);
  expect(await axeViolations(visitor)).toEqual([]);
  await visitor.goto(`${serverUrl()}/s/${'x'.repeat(32)}`);
  expect(await axeViolations(visitor)).toEqual([]);
  await context.close();
});

it('copies the conversation into the reader’s workspace', async () => {
  const visitor = await reader.newPage();
  await visitor.goto(link);
  await visitor.click('text=Continue in my workspace');
  await visitor.waitForURL(/\?c=[\w-]{22}$/);
  await visitor.waitForSelector('[data-role=assistant]');
  expect(new URL(visitor.url()).searchParams.get('c')).not.toBe(conversationId(page));
  await visitor.close();
});

it('is shown in a frame only through a link that allows it', async () => {
  const visitor = await reader.newPage();
  expect((await visitor.goto(`${link}/embed`))?.status()).toBe(404);
  await page.click('summary >> text=Options');
  await page.click('label >> text=Allow other pages to embed it');
  await page.click('text=Create link and copy it');
  await page.waitForSelector('[data-share-link]');
  const response = await visitor.goto(`${await shareLink()}/embed`);
  expect(response?.status()).toBe(200);
  expect(response?.headers()['content-security-policy']).toContain('frame-ancestors http: https:');
  expect(response?.headers()['x-frame-options']).toBeUndefined();
  await visitor.close();
});

it('asks for the password of a link that has one, and tells nothing before', async () => {
  await page.fill('label:has-text("Password") + input', PASSWORD);
  await page.click('text=Create link and copy it');
  await page.waitForSelector('[data-share-link]');
  const visitor = await reader.newPage();
  await visitor.goto(await shareLink());
  await visitor.waitForSelector('h1 >> text=This link has a password');
  expect(await visitor.locator('meta[property="og:title"]').count()).toBe(0);
  expect(await axeViolations(visitor)).toEqual([]);
  await visitor.fill('[name=password]', 'wrong horse');
  await visitor.keyboard.press('Enter');
  await visitor.waitForSelector('text=That is not the password');
  await visitor.fill('[name=password]', PASSWORD);
  await visitor.keyboard.press('Enter');
  await visitor.waitForSelector('article[aria-label=Answer]');
  await visitor.close();
});

it('lists the links with their views, and a revoked one is gone', async () => {
  const row = page.locator('[data-share]').last();
  await row.scrollIntoViewIfNeeded();
  // Written when the page was opened; the list was read before.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Alt+s');
  await page.waitForFunction(() => /[1-9]\d* views/.test(document.querySelector('[role=dialog]')?.textContent ?? ''));
  await row.locator('text=Revoke').click();
  await page.waitForSelector('[data-share-state=revoked]');
  const visitor = await reader.newPage();
  expect((await visitor.goto(link))?.status()).toBe(404);
  await visitor.waitForSelector('h1 >> text=This link does not work');
  await visitor.close();
});
