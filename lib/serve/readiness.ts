import { checkWritable } from '@/lib/database/installation';
import { getEngine } from '@/lib/engine/worker/client';
import { isClosing } from '@/lib/http/in-flight';
import { log } from '@/lib/http/log';
import { dataDirectory } from '@/lib/storage/data-directory';
import { requireFreeSpace } from '@/lib/storage/free-space';

/** `disk`: there is room for what people bring. `open`: the server is not about to end. */
export type Readiness = { model: boolean; database: boolean; disk: boolean; open: boolean };

async function holds(what: string, check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    log.error({ err: error }, what);
    return false;
  }
}

/** Writes to the database and asks for free space, so that what it says is so at this moment. */
export async function readReadiness(): Promise<Readiness> {
  return {
    model: getEngine().status().state === 'ready',
    database: await holds('the database cannot be written', () => checkWritable()),
    disk: await holds('the disk is full', () => requireFreeSpace(dataDirectory(), 1)),
    open: !isClosing(),
  };
}
