import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { openBundle, type Bundle } from '@/lib/engine/bundle';
import { defaultBundleDirectory } from '@/lib/common/paths';
import { type Playbook, playbookSchema } from './schema';

const FILE = 'playbook.json';
/** Names neither types nor materials and gives no advice. */
const NO_PLAYBOOK: Playbook = { version: 1, types: [], materials: [], entries: [] };

/**
 * Reads and checks a compiled playbook (a bundle's `playbook.json`).
 * @throws Error with one sentence that names the file and the first field that is wrong
 */
export async function loadPlaybook(path: string): Promise<Playbook> {
  const text = await readFile(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not valid JSON: compile it again from lib/knowledge.`, { cause: error });
  }
  const result = playbookSchema.safeParse(json);
  if (!result.success) {
    throw new Error(`${path} is not a playbook: ${z.prettifyError(result.error).split('\n').slice(0, 2).join(' ')}`);
  }
  return result.data;
}

/**
 * The playbook of a bundle; an empty one where the bundle has none, as a published checkpoint.
 * @throws Error as `loadPlaybook`
 */
export async function openPlaybook({ manifest, path }: Bundle): Promise<Playbook> {
  return Object.hasOwn(manifest.files, FILE) ? loadPlaybook(path(FILE)) : NO_PLAYBOOK;
}

let loading: Promise<Playbook> | undefined;

/**
 * The playbook of the bundle that is served, loaded once; the engine has verified the bundle, so its checksums are on
 * record. A failure is not kept.
 */
export function servedPlaybook(): Promise<Playbook> {
  loading ??= openBundle(defaultBundleDirectory())
    .then(openPlaybook)
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  return loading;
}
