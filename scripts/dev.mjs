/**
 * `npm run dev`: the workbench with reload on change, on this machine only: npm run dev [-- --port 3000]. Pages and
 * routes reload by themselves; after a change of what runs in the engine's thread, start it again.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensureDependencies, ensureRuntime, readEnvFile, root, run, runMain } from './bootstrap.mjs';

const HOST = '127.0.0.1';

await runMain(async () => {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  readEnvFile();
  const port = values.port ?? process.env.PORT ?? '3000';
  ensureDependencies();
  await ensureRuntime();
  run(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts'], { what: 'preparing the database' });
  const server = spawn(process.execPath, ['scripts/dev-server.mjs', '--hostname', HOST, '--port', port], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
  });
  server.on('exit', (code) => {
    process.exitCode = code ?? 0;
  });
});
