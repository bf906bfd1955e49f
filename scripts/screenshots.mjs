/**
 * Takes docs/screenshots/*.png: every view in light and dark, some on a narrow screen, with real images and the real
 * model's answers. Starts its own servers with fresh data, one for a person alone and one for a team: node
 * scripts/screenshots.mjs [PART...]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium, ensureDependencies, ensureRuntime, runMain, UserError } from './bootstrap.mjs';
import { ensureApp } from './build-app.mjs';
import { prepareData, takeData } from './screenshots/data-views.mjs';
import { prepareEngines, startContrarian, takeEngines, writeEngines } from './screenshots/engine-views.mjs';
import { prepareParts, takeParts } from './screenshots/part-views.mjs';
import { laySampleSet } from './screenshots/sample-set.mjs';
import { withServer } from './screenshots/server.mjs';
import { prepareShare, takeShare } from './screenshots/share-views.mjs';
import { prepareTeam, TEAM, takeTeam } from './screenshots/team-views.mjs';
import { takeWorkbench } from './screenshots/workbench.mjs';

/** Each part has a server of its own, so that no part's pictures show what another part made. */
const PARTS = {
  workbench: { settings: {}, prepare: async (_browser, server) => server, take: takeWorkbench },
  share: { settings: {}, prepare: prepareShare, take: takeShare },
  data: { settings: {}, prepare: prepareData, take: takeData },
  parts: { settings: {}, prepare: prepareParts, take: takeParts },
  team: { settings: TEAM, prepare: prepareTeam, take: takeTeam },
  engines: { settings: {}, prepare: prepareEngines, take: takeEngines },
};

async function takeAll(browser, names) {
  const scratch = mkdtempSync(join(tmpdir(), 'looktwice-sample-set-'));
  const contrarian = await startContrarian();
  PARTS.engines.settings = { LOOKTWICE_ENGINES: writeEngines(scratch, contrarian.url) };
  try {
    const folder = laySampleSet(scratch);
    for (const name of names) {
      const { settings, prepare, take } = PARTS[name];
      await withServer(settings, async (server) => {
        const prepared = await prepare(browser, server, folder);
        for (const theme of ['dark', 'light']) {
          await take(browser, prepared, theme);
        }
      });
    }
  } finally {
    await contrarian.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

await runMain(async () => {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
  const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no part "${unknown}" to take pictures of: name some of ${Object.keys(PARTS).join(', ')}`,
    );
  }
  ensureDependencies();
  await ensureRuntime();
  await ensureApp();
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  try {
    await takeAll(browser, names);
  } finally {
    await browser.close();
  }
});
