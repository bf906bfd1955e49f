import { recoverAnswers } from '@/lib/assistant/answers/recover-answers';
import { prepareAccess } from '@/lib/auth/prepare-access';
import { holdDataDirectory } from '@/lib/database/directory-lock';
import { holdDatabase } from '@/lib/database/hold-database';
import { registerStart } from '@/lib/database/installation';
import { postgresqlUrl } from '@/lib/database/kind';
import { ensureLocalUser } from '@/lib/database/users';
import { resumeJobs } from '@/lib/datasets/jobs';
import { messageOf } from '@/lib/common/message-of';
import { getEngine } from '@/lib/engine/worker/client';
import { setting } from '@/lib/env';
import { log } from '@/lib/http/log';
import { useTrueAddresses } from '@/lib/http/true-address';
import { metrics } from '@/lib/metrics/registry';
import { prepareAllBanks } from '@/lib/parts/bank';
import { dataDirectory } from '@/lib/storage/data-directory';
import { startMaintenance } from './maintenance';
import { handleSignals } from './shutdown';
import { sweepFiles } from './sweep-files';

const UNKNOWN_DATABASE =
  'the database is not the one that the last server of this data directory had: files that it does not know are kept';

/** Next.js would go on listening after an error at the start. */
function leave(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** What the server does once before it answers: stores what a crash left behind, and begins to load the model. */
export async function startServer(): Promise<void> {
  if (setting('NEXT_MANUAL_SIG_HANDLE') === 'true') {
    handleSignals();
  }
  useTrueAddresses();
  // From now on everything is counted, whether somebody asks or not.
  metrics();
  try {
    // `npm start` holds it already; this is for `npm run dev`.
    await holdDataDirectory(dataDirectory(), 'a server');
    await holdDatabase(leave);
    await prepareAccess(process.argv);
    if ((await registerStart(dataDirectory())) === 'other') {
      log.warn(UNKNOWN_DATABASE);
    }
  } catch (error) {
    leave(messageOf(error));
  }
  if (postgresqlUrl() !== undefined) {
    log.warn('the database is PostgreSQL: no backups are made by this server, see docs/operation.md');
  }
  await ensureLocalUser();
  const interrupted = await recoverAnswers(new Date());
  log.info({ interrupted }, 'started');
  startMaintenance();
  await resumeJobs();
  // Not awaited: pages come up meanwhile, and the status says how far it is.
  getEngine()
    .load()
    .then(
      (info) => {
        log.info(info, 'model loaded');
        void prepareAllBanks();
      },
      (error: unknown) => log.error({ err: error }, 'the model cannot be loaded'),
    );
  sweepFiles().then(
    (swept) => log.info(swept, 'unused files'),
    (error: unknown) => log.error({ err: error }, 'unused files could not be looked for'),
  );
}
