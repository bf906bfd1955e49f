/** Opens pages as a person sees them, and waits for what they show. */
import { save } from './save.mjs';

const PATIENCE_MS = 300_000;
/** Long enough for pictures to be painted and for animations to end. */
const SETTLE_MS = 600;

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Runs in the page: a picture out of sight may wait to be scrolled to. */
const picturesAreThere = () =>
  [...document.images].every((image) => {
    const { top, bottom } = image.getBoundingClientRect();
    return image.complete || bottom < 0 || top > window.innerHeight;
  });

/**
 * Opens an address in a fresh profile, in one theme. `state` brings the cookies of somebody who is signed in.
 * @returns the page, and `shot(name)`, which saves what it shows as `NAME-THEME.png`
 */
export async function openPage(browser, { url, theme, size, state }) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    deviceScaleFactor: size.width < 500 ? 1.5 : 1,
    ...(state ? { storageState: state } : {}),
  });
  await context.addInitScript((value) => localStorage.setItem('theme', value), theme);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  const shot = async (name) => {
    await page.waitForFunction(picturesAreThere);
    await page.waitForTimeout(SETTLE_MS);
    await save(page, `${name}-${theme}`);
  };
  return { page, shot, close: () => context.close() };
}

/** Opens the workbench; on a wide screen the pointer rests where nothing lights up. */
export async function openWorkbench(browser, options) {
  const opened = await openPage(browser, options);
  await opened.page.waitForSelector('[data-composer]');
  await opened.page.waitForTimeout(1000);
  const { width, height } = options.size;
  const shot = async (name) => {
    await opened.page.mouse.move(width / 2, height - 5);
    await opened.shot(name);
  };
  return { ...opened, shot: width < 500 ? opened.shot : shot };
}

/** Waits until the chat shows so many answers and nothing runs any more. */
export async function answered(page, answers) {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('[data-role=assistant]').length >= wanted &&
      document.querySelector('[data-conversation]')?.getAttribute('data-status') === 'ready' &&
      !document.querySelector('[data-state=running]'),
    answers,
  );
  await page.waitForTimeout(800);
}

/** Takes one of the start's samples and sends its question. */
export async function askSample(page, id, attachments) {
  await page.click(`[data-sample=${id}]`);
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-attachment=ready]').length === count,
    attachments,
  );
  await page.click('[aria-label=Send]');
}

/** Presses the suggested question about what to do, or the first one where there is none. */
export async function askFollowUp(page) {
  const actions = page.locator('[data-followup=actions]');
  await ((await actions.count()) > 0 ? actions : page.locator('[data-followup]')).first().click();
  await answered(page, 2);
}

/** Id of the open conversation, from the address. */
export const conversationId = (page) => new URL(page.url()).searchParams.get('c');
