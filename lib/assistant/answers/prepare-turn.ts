import { newId, type ChatSettings } from '@/lib/contract';
import { branchTo } from '@/lib/assistant/conversations/branch';
import { textOf, toStoredMessage } from '@/lib/assistant/conversations/stored-message';
import { storeInspection } from '@/lib/images/store-inspection';
import type { TurnEvent, TurnRequest, TurnResult } from '@/lib/turn/types';
import { findImages } from '@/lib/database/images';
import { createMask } from '@/lib/database/masks';
import { listMessages } from '@/lib/database/messages';
import { answerFromSet } from '@/lib/datasets/ask';
import type { Owner } from '@/lib/database/owner';
import { keyOfFound } from '@/lib/parts/ask';
import { EngineError } from '@/lib/engine/errors';
import { queueKey } from '@/lib/engine/rounds';
import type { AnswerSink, Turn } from './answer-sink';
import { answerSet } from '@/lib/assistant/sets/answer-set';
import { withSets } from '@/lib/assistant/sets/with-sets';
import { imagesOf } from './message-images';
import type { AnswerIdentity } from './run-answer';
import { withParts } from './turn-parts';
import { buildTurnRequest } from './turn-request';

export type QueueEvent = { stage: 'queued'; position: number };

/** Carries out turns, fairly between keys: the engine. */
export type TurnRunner = (
  request: TurnRequest,
  options: { key: string; signal: AbortSignal; onEvent: (event: TurnEvent | QueueEvent) => void },
) => Promise<TurnResult>;

/** Stores what an event brings and shows it. What has an address is stored before its address is sent. */
async function show(
  event: TurnEvent,
  sink: AnswerSink,
  { messageId, sets }: { messageId: string; sets: ReadonlyMap<string, string> },
): Promise<void> {
  switch (event.type) {
    case 'status': {
      const { type: _type, ...status } = event;
      return sink.status(status);
    }
    case 'glance': {
      const heatmap = `data:image/png;base64,${Buffer.from(event.heatmap).toString('base64')}`;
      return sink.glance({ imageId: event.imageId, heatmap });
    }
    case 'text':
      return sink.text(event.delta);
    case 'inspection': {
      sink.bundle(event.inspection.bundle);
      const within = sets.get(event.imageId) ?? keyOfFound(event.inspection);
      const data = await storeInspection(event.imageId, event.referenceIds, event.inspection, within);
      return sink.part({ type: 'data-inspection', data });
    }
    case 'notice': {
      const { type: _type, ...data } = event;
      return sink.part({ type: 'data-notice', data });
    }
    case 'mask': {
      const { type: _type, ...mask } = event;
      const data = { ...mask, maskId: newId(), source: 'model' as const };
      const { maskId: id, ...row } = data;
      await createMask({ id, messageId, ...row });
      return sink.part({ type: 'data-mask', data });
    }
    case 'findings':
      return sink.part({ type: 'data-findings', data: { imageId: event.imageId, items: event.items } });
    case 'sources':
      return sink.part({ type: 'data-sources', data: event.sources });
    case 'checklist': {
      const { type: _type, ...data } = event;
      return sink.part({ type: 'data-checklist', data });
    }
    case 'followups':
      return sink.part({ type: 'data-followups', data: event.followups });
    case 'engine': {
      const { type: _type, ...data } = event;
      return sink.part({ type: 'data-engine', data });
    }
    case 'timings':
      return sink.part({ type: 'data-timings', data: event.timings });
  }
}

/**
 * The engine names files by their path in the storage, which says nothing to the user and is none of their business.
 */
export function withImageNames(error: unknown, request: TurnRequest): unknown {
  if (!(error instanceof EngineError)) {
    return error;
  }
  let message = error.message;
  for (const each of request.messages) {
    for (const { name, source } of each.role === 'user' ? [...each.images, ...each.references] : []) {
      message = 'path' in source ? message.replaceAll(source.path, name) : message;
    }
  }
  return new EngineError(error.code, message);
}

/** The sets that images of the question were judged in, by image. */
function namesOfSets({ messages }: TurnRequest): Map<string, string> {
  const last = messages.at(-1);
  const judged = last?.role === 'user' ? last.images : [];
  return new Map(judged.flatMap(({ id, within }) => (within === undefined ? [] : [[id, within.set] as const])));
}

/** The turn that answers a stored question. */
export function prepareTurn(owner: Owner, identity: AnswerIdentity, settings: ChatSettings, run: TurnRunner): Turn {
  return async (sink, signal) => {
    const branch = branchTo(await listMessages(identity.conversationId), identity.parentId);
    const ids = branch.flatMap((row) => imagesOf(toStoredMessage(row)).map(({ imageId }) => imageId));
    const images = new Map((await findImages(owner, ids)).map((row) => [row.id, row]));
    const question = branch.at(-1);
    const asked = question === undefined ? null : textOf(toStoredMessage(question).parts);
    const data = asked === null ? null : await answerFromSet(owner, asked, ids);
    if (data !== null) {
      sink.part({ type: 'data-dataset', data });
    }
    const key = queueKey(owner.userId, identity.conversationId);
    const messages = branch.map(toStoredMessage);
    const sheet = await answerSet(owner, messages, images, settings, {
      key,
      signal,
      onProgress: (progress) => sink.status(progress),
    });
    if (sheet !== null) {
      sink.part({ type: 'data-sheet', data: sheet });
    }
    const composed = await buildTurnRequest(branch, images, settings, data?.evidence, sheet ?? undefined);
    const parted = await withParts(owner, composed, messages, settings);
    const hasPart = settings.part !== undefined && settings.part !== 'auto';
    const request = await withSets(owner, parted, messages, { latest: sheet, hasPart });
    const sets = namesOfSets(request);
    // Events are handled one after the other, in their order, though storing one takes a moment.
    let handled: Promise<void> = Promise.resolve();
    const broken = new AbortController();
    const onEvent = (event: TurnEvent | QueueEvent) => {
      handled = handled.then(() =>
        'type' in event
          ? show(event, sink, { messageId: identity.messageId, sets })
          : sink.status({ stage: 'queued', position: event.position }),
      );
      // What cannot be stored is not worth going on for; the error itself is reported below.
      handled.catch(() => broken.abort());
    };
    try {
      const result = await run(request, {
        key,
        signal: AbortSignal.any([signal, broken.signal]),
        onEvent,
      });
      await handled;
      sink.bundle(result.bundle);
      sink.remember(result.context);
    } catch (error) {
      await handled;
      throw withImageNames(error, request);
    }
  };
}
