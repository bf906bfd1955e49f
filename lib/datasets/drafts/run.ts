import {
  changeDraftJob,
  type DraftedItem,
  type DraftJobRow,
  forgetFailedDrafts,
  getDraftJob,
  nextUndrafted,
  storeDraft,
} from '@/lib/database/draft-jobs';
import { EngineError, isOfTheImage } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { queueKey } from '@/lib/engine/rounds';
import type { Engine } from '@/lib/engine/worker/client';
import { addressOf, isAllowedEverywhere } from '@/lib/engines/consent';
import { EMBEDDED_ENGINE, findEngine, type NamedEngine, withoutFallback } from '@/lib/engines/registry';
import { RemoteError, type RemoteFault } from '@/lib/engines/remote/remote-error';
import type { DraftField } from '../contract';
import { fieldsOf } from './info';
import { writeTexts } from './write-texts';

const PAGE = 32;
/** So many items in a row that fail say that it is not the items. */
const MAX_FAILURES = 3;
/** What a remote engine may do about one item and not about the next; anything else stops the job. */
const ITEM_FAULTS = new Set<RemoteFault>(['slow', 'context', 'refused', 'not_an_answer', 'too_large', 'cut']);

type Options = {
  engine: Engine;
  signal: AbortSignal;
  onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * The engine of a job, at the very address that was allowed, and with nobody in its place.
 * @throws EngineError when it is gone, stands elsewhere now, or may no longer be asked
 */
async function engineOf({ engine: name, label, address, allowed }: DraftJobRow): Promise<NamedEngine> {
  if (name === null) {
    return EMBEDDED_ENGINE;
  }
  const engine = await findEngine(name);
  if (engine.kind !== 'remote' || addressOf(engine) !== address) {
    throw new EngineError(
      'invalid_request',
      `${label} has another address than when this was allowed: cancel this and draft the texts again.`,
    );
  }
  if (!allowed && !(await isAllowedEverywhere(engine))) {
    throw new EngineError(
      'invalid_request',
      `${label} may no longer be sent what is in this workspace: cancel this and draft the texts again.`,
    );
  }
  return withoutFallback(engine);
}

const isAboutItem = (error: unknown): error is EngineError =>
  error instanceof RemoteError ? ITEM_FAULTS.has(error.fault) : isOfTheImage(error);

/** Texts for the fields that the item lacks. @throws EngineError */
async function draftItem(
  job: DraftJobRow,
  item: DraftedItem,
  { engine: local, signal }: Options,
): Promise<Partial<Record<DraftField, string>>> {
  const fields = fieldsOf(job).filter(
    (field) => item[field] === null && (item.label !== 'normal' || field === 'description'),
  );
  const key = queueKey(job.ownerId, `drafts ${job.id}`);
  const texts: Partial<Record<DraftField, string>> = {};
  const { imageId, image, label, defectType, mask } = item;
  const written = { imageId, image, label, defectType, rle: mask?.rle ?? null };
  for await (const { field, text } of writeTexts(written, fields, {
    engine: await engineOf(job),
    key,
    signal,
    local,
  })) {
    texts[field] = text;
  }
  if (Object.values(texts).every((text) => text === '')) {
    throw new RemoteError('not_an_answer', `${job.label} answered without a word.`);
  }
  return texts;
}

/**
 * Drafts the texts of the items that the job has not dealt with. Every draft is stored at once, so that a job can be
 * stopped at any moment and taken up again; items that it failed with are tried again then.
 * @param signal aborts the item at hand; the job's row stays as it is
 * @throws what made it fail, after the row says so; the signal's reason
 */
export async function runDrafts(id: string, options: Options): Promise<void> {
  const { signal, onProgress } = options;
  const job = await getDraftJob(id);
  if (job === null) {
    throw new EngineError('not_found', 'There is no such job.');
  }
  try {
    await forgetFailedDrafts(id);
    await changeDraftJob(id, { state: 'running', error: null });
    const fields = fieldsOf(job);
    let handled = job.done;
    let failures = 0;
    for (let items = await nextUndrafted(job, fields, PAGE); items.length > 0;) {
      for (const item of items) {
        signal.throwIfAborted();
        const started = performance.now();
        let texts: Partial<Record<DraftField, string>> = {};
        let error: EngineError | null = null;
        try {
          texts = await draftItem(job, item, options);
        } catch (thrown) {
          signal.throwIfAborted();
          if (!isAboutItem(thrown)) {
            throw thrown;
          }
          error = thrown;
        }
        const { description = null, impact = null, suggestion = null } = texts;
        await storeDraft(
          id,
          { itemId: item.id, description, impact, suggestion, error: error?.message ?? null },
          Math.round(performance.now() - started),
        );
        failures = error === null ? 0 : failures + 1;
        if (error !== null && failures >= MAX_FAILURES) {
          throw new EngineError(error.code, `${failures} items in a row failed, the last one so: ${error.message}`);
        }
        handled += 1;
        onProgress?.(handled, Math.max(job.total, handled));
      }
      items = await nextUndrafted(job, fields, PAGE);
    }
    await changeDraftJob(id, { state: 'done', total: handled, finishedAt: new Date() });
  } catch (error) {
    signal.throwIfAborted();
    await changeDraftJob(id, { state: 'failed', error: messageOf(error), finishedAt: new Date() });
    throw error;
  }
}
