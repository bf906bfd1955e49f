/** A team at work: accounts, invitations, a key, and a blind double review on which two reviewers disagree. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError, root } from '../bootstrap.mjs';
import { decide, importAndInspect, itemsOf } from './seed-data.mjs';
import { openApi } from './server.mjs';

const PASSWORD = 'correct horse battery';
/** The item on which the reviewers disagree: about what it is, not about where. */
const DISPUTED = 'cube-abnormal-2.jpg';
/** Where a reviewer clicks into the picture of an item, in px of the image. */
const PRESSES = {
  'cube-abnormal-4.jpg': { ben: { x: 289, y: 235 }, cleo: { x: 286, y: 238 } },
  [DISPUTED]: { ben: { x: 292, y: 339 }, cleo: { x: 290, y: 341 } },
};

function addAccount({ data, settings }, name, role) {
  const email = `${name.toLowerCase()}@example.com`;
  const result = spawnSync(
    process.execPath,
    ['bin/looktwice.mjs', 'users', 'add', email, '--name', name, '--role', role],
    {
      cwd: root,
      env: { ...process.env, ...settings, LOOKTWICE_DATA: data },
      input: `${PASSWORD}\n`,
      encoding: 'utf8',
    },
  );
  if (result.status !== 0) {
    throw new UserError(`looktwice users add ${email} failed: ${result.stderr}`);
  }
}

async function signIn(url, name) {
  const api = await openApi(url);
  await api.send('/api/auth/sign-in', { email: `${name.toLowerCase()}@example.com`, password: PASSWORD });
  return api;
}

/** The mask that the model finds where somebody clicks into an image; nothing where nobody does. */
async function pressed(api, { imageId, path }, who) {
  const press = PRESSES[path.split('/').at(-1)]?.[who];
  if (press === undefined) {
    return {};
  }
  const { mask } = await api.send(`/api/images/${imageId}/segment`, { clicks: [{ ...press, positive: true }] });
  return { mask };
}

/** Pictures that show a part of the cube only: both reject them. */
const CUT_OFF = /cube-(abnormal-1|normal-4)/;

/** Ben and Cleo review the cubes without seeing each other's decisions; Cleo leaves the last one for later. */
async function reviewTwice({ ben, cleo }, items) {
  for (const item of items) {
    const verdict = CUT_OFF.test(item.path) ? 'rejected' : 'accepted';
    await decide(ben, item, { verdict, ...(await pressed(ben, item, 'ben')) });
  }
  for (const item of items.slice(0, -1)) {
    const disputed = item.path.endsWith(DISPUTED);
    const verdict = disputed ? 'relabelled' : CUT_OFF.test(item.path) ? 'rejected' : 'accepted';
    const type = disputed ? { defectType: 'hole', comment: 'Looks like a hole to me, not like a mark.' } : {};
    await decide(cleo, item, { verdict, ...type, ...(await pressed(cleo, item, 'cleo')) });
  }
}

/** @returns the administrator's API and cookies, the data set, the disputed item and the link of an invitation */
export async function seedTeam(server, folder) {
  addAccount(server, 'Ada', 'admin');
  addAccount(server, 'Ben', 'reviewer');
  addAccount(server, 'Cleo', 'engineer');
  const people = {
    ada: await signIn(server.url, 'Ada'),
    ben: await signIn(server.url, 'Ben'),
    cleo: await signIn(server.url, 'Cleo'),
  };
  const { ada } = people;
  const { users } = await ada.read('/api/users');
  const idOf = (name) => users.find((user) => user.name === name).id;
  await ada.send(`/api/users/${idOf('Cleo')}`, { role: 'reviewer' }, 'PATCH');
  await ada.send('/api/invitations', { email: 'dora@example.com', role: 'viewer' });
  const { url: invitation } = await ada.send('/api/invitations', { email: 'emil@example.com', role: 'engineer' });
  await ada.send('/api/keys', { name: 'Inspection cell 4', days: 90 });

  const datasetId = await importAndInspect(ada, {
    name: 'Cubes',
    folder: join(folder, 'cubes'),
    mode: 'zero_shot',
  });
  const reviewerIds = [idOf('Ben'), idOf('Cleo')];
  await ada.send(`/api/datasets/${datasetId}/assignments`, { reviewerIds, perItem: 2, items: 'unreviewed' });
  const items = await itemsOf(ada, datasetId);
  await reviewTwice(people, items);
  const state = await ada.state();
  await Promise.all(Object.values(people).map((api) => api.close()));
  return { datasetId, itemId: items.find(({ path }) => path.endsWith(DISPUTED)).id, state, invitation };
}
