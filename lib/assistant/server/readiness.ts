import { checkWritable } from '@/lib/database/health';
import { getEngine } from '@/lib/engine/worker/client';
import { log } from '@/lib/http/log';

export type Readiness = { model: boolean; database: boolean };

export async function readReadiness(): Promise<Readiness> {
  const model = getEngine().status().state === 'ready';
  try {
    await checkWritable();
    return { model, database: true };
  } catch (error) {
    log.error({ err: error }, 'the database cannot be written');
    return { model, database: false };
  }
}
