/**
 * Data sets as somebody has them after a morning's work: imported, inspected by the model, partly reviewed, and
 * measured.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError, root } from '../bootstrap.mjs';
import { until } from './server.mjs';

/** Imports a folder as a data set and has the model inspect it. @returns its id */
export async function importAndInspect(api, { name, folder, mode }) {
  const { id } = await api.send('/api/datasets', { name });
  await api.send(`/api/datasets/${id}/imports`, { directory: folder, format: 'auto' });
  const ended = (jobs) => ['done', 'failed', 'cancelled'].includes(jobs[0]?.state);
  const read = () => api.read(`/api/datasets/${id}`);
  const { imports } = await until(read, (set) => ended(set.imports));
  if (imports[0].state !== 'done') {
    throw new UserError(`The import of ${folder} failed: ${imports[0].error}`);
  }
  if (mode) {
    await api.send(`/api/datasets/${id}/batches`, { mode });
    await until(read, (set) => ended(set.batches));
  }
  return id;
}

/** The items of a set by path. */
export async function itemsOf(api, datasetId) {
  const { items } = await api.read(`/api/datasets/${datasetId}/items?order=path&limit=200`);
  return items;
}

/** Stores a verdict (with label, mask and so on in `review`) as the person whose `api` it is. */
export async function decide(api, { datasetId, id }, review) {
  const path = `/api/datasets/${datasetId}/items/${id}/reviews`;
  const { revision } = await api.read(path);
  await api.send(path, { revision, ...review });
}

/** Measures the model on the set, alone and with one reference, and shows both runs under Benchmarks. */
export function evaluate(folder, { data }) {
  const args = ['bin/looktwice.mjs', 'eval', folder, '--shots', '0,1', '--json'];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, LOOKTWICE_DATA: data },
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new UserError(`looktwice eval failed: ${stderr}`);
  }
}

/**
 * The data sets of a person alone: the whole set with all that can be known of it, and two parts of it. @returns the
 * whole set's id
 */
export async function seedDataSets(api, folder) {
  await importAndInspect(api, { name: 'Cubes', folder: join(folder, 'cubes') });
  await importAndInspect(api, { name: 'Cookies', folder: join(folder, 'cookies') });
  const id = await importAndInspect(api, { name: 'Shift samples', folder, mode: 'zero_shot' });
  for (const item of await itemsOf(api, id)) {
    if (item.path.startsWith('cookies/')) {
      await decide(api, item, { verdict: 'accepted' });
    }
  }
  return id;
}
