import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { listBundles, verifyBundle } from '@/lib/engine/bundle';
import { bundleName } from '@/lib/engine/manifest';
import { defaultBundleDirectory, projectRoot } from '@/lib/common/paths';

/** `looktwice bundle verify|list`. */
export function registerBundle(program: Command): void {
  const bundle = program.command('bundle').description('look after model bundles');
  bundle
    .command('verify')
    .description('hash every file of a bundle and compare it with the manifest')
    .argument('[directory]', 'the bundle; the one in use if not given')
    .option('--json', 'print JSON')
    .action(verify);
  bundle.command('list').description('list the bundles in models/').option('--json', 'print JSON').action(list);
}

async function verify(directory: string | undefined, { json }: { json?: true }): Promise<void> {
  const started = performance.now();
  const { name, manifest } = await verifyBundle(directory ?? defaultBundleDirectory());
  const files = Object.keys(manifest.files).length;
  const bytes = totalBytes(manifest.files);
  const ms = Math.round(performance.now() - started);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ bundle: name, files, bytes, ms })}\n`
      : `${name} is whole: ${files} files, ${megabytes(bytes)}, ${ms} ms\n`,
  );
}

async function list({ json }: { json?: true }): Promise<void> {
  const parent = join(projectRoot(), 'models');
  const rows = (await listBundles(parent)).map(({ directory, manifest, problem }) => ({
    directory: relative(projectRoot(), directory),
    ...(manifest === undefined ? {} : { bundle: bundleName(manifest), bytes: totalBytes(manifest.files) }),
    ...(problem === undefined ? {} : { problem }),
  }));
  if (json === true) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  for (const { directory, bundle, bytes, problem } of rows) {
    process.stdout.write(`${directory}: ${problem ?? `${bundle ?? ''}, ${megabytes(bytes ?? 0)}`}\n`);
  }
  if (rows.length === 0) {
    process.stdout.write(`There is no bundle in ${parent}.\n`);
  }
}

const totalBytes = (files: Record<string, { bytes: number }>) =>
  Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
