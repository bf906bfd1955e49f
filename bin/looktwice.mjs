#!/usr/bin/env node
import { ensureDependencies, ensureRuntime, runMain } from '../scripts/bootstrap.mjs';

await runMain(async () => {
  ensureDependencies();
  await ensureRuntime();
  const { main } = await import('../dist/cli.mjs');
  process.exitCode = await main(process.argv.slice(2));
});
