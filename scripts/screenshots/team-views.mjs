/** What a team has besides: sign-in, invitation, account, team with its audit log, double review. */
import { openPage, openWorkbench, WIDE } from './pages.mjs';
import { seedTeam } from './seed-team.mjs';

export const TEAM = { LOOKTWICE_MODE: 'team', LOOKTWICE_SECRET: 'for pictures only, and long enough for the server' };

const FORM = { width: 900, height: 700 };
const TALL = { width: 1100, height: 1250 };

export async function prepareTeam(_browser, server, folder) {
  return { url: server.url, ...(await seedTeam(server, folder)) };
}

/** Opens a page of accounts, waits for what it must show and saves it. */
async function account(browser, { shows, name, ...options }) {
  const { page, shot, close } = await openPage(browser, options);
  await page.waitForSelector(shows);
  await shot(name);
  await close();
}

async function doubleReview(browser, { url, state, datasetId, itemId }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE, state });
  await page.keyboard.press('Control+Alt+B');
  await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
  await page.locator('select[aria-label="Data set"]').selectOption(datasetId);
  await page.waitForSelector(`[data-review="${datasetId}"]`);
  await page.selectOption('select[aria-label=Filter]', 'disputed');
  await page.waitForSelector(`[data-review-item="${itemId}"]`);
  await page.waitForFunction(() => document.querySelector('figure figcaption')?.textContent?.includes('score'));
  await shot('adjudication');
  await page.click('[data-part=side] [aria-label=Reviewers]');
  await page.waitForSelector('[role=dialog] table');
  await shot('reviewers');
  await close();
}

export async function takeTeam(browser, prepared, theme) {
  const { url, state, invitation } = prepared;
  await account(browser, { url: `${url}/sign-in`, theme, size: FORM, shows: 'text=Password', name: 'sign-in' });
  await account(browser, { url: invitation, theme, size: FORM, shows: 'text=You come in as', name: 'invitation' });
  await account(browser, {
    url: `${url}/account`,
    theme,
    size: { ...TALL, height: 800 },
    state,
    shows: 'text=Inspection cell 4',
    name: 'account',
  });
  await account(browser, { url: `${url}/team`, theme, size: TALL, state, shows: 'table tbody tr', name: 'team' });
  await doubleReview(browser, prepared, theme);
}
