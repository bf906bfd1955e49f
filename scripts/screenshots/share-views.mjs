/** Sharing: the dialog, the page behind a link (wide, narrow, in a frame, with a password). */
import { answered, askFollowUp, askSample, conversationId, NARROW, openPage, openWorkbench, WIDE } from './pages.mjs';
import { openApi } from './server.mjs';

const PAGE = { width: 1100, height: 900 };
const FRAME = { width: 720, height: 640 };

/** A conversation about a real image, and links to it. */
export async function prepareShare(browser, { url }) {
  const { page, close } = await openWorkbench(browser, { url, theme: 'dark', size: WIDE });
  await askSample(page, 'cookie', 1);
  await answered(page, 1);
  await askFollowUp(page);
  const conversation = conversationId(page);
  await close();
  const api = await openApi(url);
  const share = async (options) => {
    const { path, share: made } = await api.send('/api/shares', { conversationId: conversation, ...options });
    return { address: `${url}${path}`, id: made.id };
  };
  const open = await share({ allowEmbed: true, live: true, expiresInDays: 90 });
  const locked = await share({ password: 'two cookies a day', expiresInDays: 7 });
  const ended = await share({ includeNames: true });
  await api.send(`/api/shares/${ended.id}`, undefined, 'DELETE');
  await api.close();
  return { url, conversation, open: open.address, locked: locked.address };
}

async function dialog(browser, { url, conversation }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url: `${url}/?c=${conversation}`, theme, size: WIDE });
  await page.waitForSelector('[data-role=assistant]');
  await page.keyboard.press('F8');
  await page.waitForSelector('[data-image-editor]');
  await page.keyboard.press('Control+Alt+S');
  await page.click('summary >> text=Options');
  await page.waitForSelector('[role=dialog] [data-share]');
  await shot('share-options');
  await close();
}

async function reader(browser, { url, theme, size, name }) {
  const { shot, close } = await openPage(browser, { url, theme, size });
  await shot(name);
  await close();
}

export async function takeShare(browser, prepared, theme) {
  const { open, locked } = prepared;
  await reader(browser, { url: open, theme, size: PAGE, name: 'shared-page' });
  await reader(browser, { url: open, theme, size: NARROW, name: 'narrow-shared-page' });
  await reader(browser, { url: `${open}/embed`, theme, size: FRAME, name: 'shared-embed' });
  await reader(browser, { url: locked, theme, size: FRAME, name: 'shared-password' });
  await dialog(browser, prepared, theme);
}
