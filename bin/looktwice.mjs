#!/usr/bin/env node
import {
  ensureDependencies,
  ensureRuntime,
  isRuntimeBuilt,
  readEnvFile,
  root,
  runMain,
} from '../scripts/bootstrap.mjs';

await runMain(async () => {
  readEnvFile();
  ensureDependencies(isRuntimeBuilt);
  await ensureRuntime();
  process.env.LOOKTWICE_ROOT ??= root;
  const { main } = await import('../dist/cli.mjs');
  process.exitCode = await main(process.argv.slice(2));
});
