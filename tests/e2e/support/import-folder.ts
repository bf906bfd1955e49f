import type { Page } from 'playwright-core';

/** Imports a folder of this machine by the dialog, and waits until the set shows its `items`. */
export async function importFolder(page: Page, set: { folder: string; name: string; items: number }): Promise<void> {
  await page.click('nav[aria-label=Views] >> button[aria-label="Data sets"]');
  await page.getByRole('button', { name: 'Import a data set' }).first().click();
  await page.getByLabel('A folder of this machine').check();
  await page.getByLabel('Path of the folder').fill(set.folder);
  await page.getByLabel('Name').fill(set.name);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(`${set.items} items`).waitFor();
}
