import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Lays files in a new temporary folder.
 *
 * @param files path below the folder -> contents
 */
export async function layFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'looktwice-set-'));
  for (const [name, contents] of Object.entries(files)) {
    const target = path.join(root, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
  return root;
}

/** Removes a folder made by `layFiles`. */
export async function removeFolder(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}
