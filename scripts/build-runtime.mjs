/**
 * Compiles what runs outside Next.js (the command line, the engine worker) into dist/, one file per entry point.
 * Why not run the TypeScript directly: docs/decisions/worker-build.md.
 */
import { build } from 'esbuild';
import { root } from './bootstrap.mjs';

const ENTRIES = {
  cli: 'lib/cli/main.ts',
  server: 'lib/serve/main.ts',
  'engine-worker': 'lib/engine/worker/entry.ts',
  'set-reader': 'lib/datasets/import/reader/entry.ts',
  'image-checker': 'lib/vision/checker/entry.ts',
  'evaluation-worker': 'lib/evaluation/worker/entry.ts',
};

/** Bundles every entry point; packages stay in node_modules and are loaded from there. */
export async function buildRuntime() {
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
}
