import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A loaded two-core machine may need minutes where a laptop needs seconds; no test asserts a time. */
export const PATIENCE_MS = 240_000;

jest.setTimeout(2 * PATIENCE_MS);

export const SAMPLE = join(process.cwd(), 'public/samples/cracked-cookie.jpg');
export const NORMAL = join(process.cwd(), 'public/samples/whole-cookie.jpg');
export const QUESTION = 'Is there any anomaly in this image? If so, describe it and show where it is.';

/**
 * Sampling so hot that the model finds no end before the limit: whoever interrupts such an answer is never too late.
 */
const RAMBLING = JSON.stringify({ temperature: 2, topP: 1, maxTokens: 400, seed: 7 });

export function serverUrl(): string {
  const url = process.env.LOOKTWICE_E2E_URL;
  if (!url) {
    throw new Error('LOOKTWICE_E2E_URL is not set: the global setup of the e2e project starts the server.');
  }
  return url;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export type Theme = 'light' | 'dark' | 'high-contrast';

/** Opens the workbench in a fresh profile. Errors of the page fail the test that asks for `errors`. */
export async function openWorkbench(
  browser: Browser,
  {
    width = 1440,
    height = 900,
    theme = 'dark',
    path = '/',
    context: shared,
    origin = serverUrl(),
    rambling = false,
    chooses,
  }: {
    width?: number;
    height?: number;
    theme?: Theme;
    path?: string;
    context?: BrowserContext;
    /** Another server than the common one. */
    origin?: string;
    /** Answers that find no end by themselves, for tests that interrupt one. */
    rambling?: boolean;
    /** The file that is chosen in every file dialog. */
    chooses?: string;
  } = {},
): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  const context =
    shared ??
    (await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', acceptDownloads: true }));
  if (!shared) {
    await context.addInitScript((value) => localStorage.setItem('theme', value), theme);
  }
  if (rambling) {
    await context.addInitScript((value) => localStorage.setItem('looktwice.chat.1', value), RAMBLING);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors: string[] = [];
  if (chooses !== undefined) {
    // Before the page is there: the browser learns a while later that dialogs are to be handed over, and one that it
    // opened itself is lost.
    page.on('filechooser', (chooser) => void chooser.setFiles(chooses));
  }
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${origin}${path}`);
  await page.waitForSelector('[data-composer]');
  return { page, context, errors };
}

/** Drops files onto the chat as a person would, from outside of the browser. */
export async function dropFiles(
  page: Page,
  paths: readonly (string | { name: string; bytes: Buffer })[],
  target = '[data-part=chat]',
): Promise<void> {
  const files = paths.map((path) =>
    typeof path === 'string'
      ? { name: basename(path), base64: readFileSync(path).toString('base64') }
      : { name: path.name, base64: path.bytes.toString('base64') },
  );
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    return data;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent(target, type, { dataTransfer: transfer });
  }
}

/** Writes a question and sends it with Enter. */
export async function ask(page: Page, question = QUESTION): Promise<void> {
  await page.fill('[data-composer]', question);
  await page.press('[data-composer]', 'Enter');
}

/** Drops the cracked sample, waits for its upload and asks. */
export async function askAboutSample(page: Page, question = QUESTION): Promise<void> {
  await dropFiles(page, [SAMPLE]);
  await page.waitForSelector('[data-attachment=ready]');
  await ask(page, question);
}

/** The answer that is shown last. */
export const lastAnswer = (page: Page) => page.locator('[data-role=assistant]').last();

/** Waits until the chat is idle again, and `count` answers are shown. */
export async function answered(page: Page, count = 1): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('[data-role=assistant]').length >= wanted &&
      document.querySelector('[data-conversation]')?.getAttribute('data-status') === 'ready' &&
      !document.querySelector('[data-state=running]'),
    count,
  );
}

/** Id of the open conversation, from the address. */
export const conversationId = (page: Page) => new URL(page.url()).searchParams.get('c') ?? '';
