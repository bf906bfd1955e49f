import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Place } from '@/lib/database/move/place';
import { postgresqlUrl } from '@/lib/database/kind';
import { dataDirectory } from '@/lib/storage/data-directory';

type MoveOptions = { from: string; to: string; fromData?: string; toData?: string; replace?: true; json?: true };

/** So often progress is told where it is no terminal, in ms. */
const TOLD_EVERY_MS = 2_000;

/** `looktwice db move`. */
export function registerDbMove(db: Command): void {
  db.command('move')
    .description(
      'copy everything between SQLite and PostgreSQL, with all images; interrupted, the same command goes on. A place is a data directory, an address postgres://…, or the word DATABASE_URL for the address in the environment',
    )
    .requiredOption('--from <place>', 'what to copy; a server may work with it meanwhile')
    .requiredOption('--to <place>', 'where to; an empty one, or one that this command began with')
    .option('--from-data <directory>', 'the images that belong to a PostgreSQL database (LOOKTWICE_DATA)')
    .option('--to-data <directory>', 'where the images go with a PostgreSQL database (LOOKTWICE_DATA)')
    .option('--replace', 'bring a target that holds this installation already to the state of the source')
    .option('--json', 'print JSON')
    .action(moveAll);
}

/** @throws Error saying what the option takes */
function placeOf(option: string, value: string, data: string | undefined): Place {
  const url = value === 'DATABASE_URL' ? postgresqlUrl() : value;
  if (url === undefined) {
    throw new Error(`${option} DATABASE_URL: that setting is not set`);
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    if (!URL.canParse(url)) {
      throw new Error(`${option}: the address must look like postgres://user:password@host:5432/looktwice`);
    }
    return { url, directory: resolve(data ?? dataDirectory()) };
  }
  if (data !== undefined) {
    throw new Error(`${option}-data goes with a PostgreSQL database: ${option} is a data directory itself`);
  }
  return { url: null, directory: resolve(url) };
}

/** Shows how far it is: on one line of a terminal, elsewhere a line now and then. */
function teller(stream: NodeJS.WriteStream): (stage: string, done: number, total: number) => void {
  let told = 0;
  return (stage, done, total) => {
    if (stream.isTTY) {
      stream.write(`\r\u001b[K${stage}: ${done} of ${total}`);
    } else if (Date.now() - told >= TOLD_EVERY_MS) {
      told = Date.now();
      stream.write(`${stage}: ${done} of ${total}\n`);
    }
  };
}

async function moveAll(options: MoveOptions): Promise<void> {
  const from = placeOf('--from', options.from, options.fromData);
  const to = placeOf('--to', options.to, options.toData);
  const { move } = await import('@/lib/database/move/move');
  const moved = await move(from, to, { replace: options.replace === true, progress: teller(process.stderr) });
  if (process.stderr.isTTY) {
    process.stderr.write('\r\u001b[K');
  }
  if (moved.working !== null) {
    process.stderr.write(
      `${moved.working} worked with the source meanwhile: stop it and run this again with --replace for what came since\n`,
    );
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(moved)}\n`
      : `Moved ${moved.rows} rows and ${moved.files} files, ${(moved.bytes / 1e6).toFixed(1)} MB; all verified\n`,
  );
}
