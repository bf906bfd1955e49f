import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '@/lib/engine/bundle';
import { bundleName, parseManifest } from '@/lib/engine/manifest';

const directory = join(__dirname, '../../models/mini');
const manifest = parseManifest(readFileSync(join(directory, 'manifest.json'), 'utf8'));

/** The bundle that is shipped, its files not checked. */
export const miniBundle: Bundle = {
  ...{ directory, manifest, name: bundleName(manifest) },
  path: (file) => join(directory, file),
};
