import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP, buildOnce, root, run } from './bootstrap.mjs';

/** Builds the web application when one of its sources changed since the last build. */
export async function ensureApp() {
  if (!existsSync(join(root, 'app/layout.tsx'))) {
    return false;
  }
  return buildOnce(APP, () => {
    console.error('Building the workbench (about half a minute, once per change)');
    run(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
      env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
      what: 'next build',
    });
  });
}
