import type { Logger } from 'pino';
import type { MessageMetadata, MessageState } from '@/lib/contract';
import { textOf } from '@/lib/assistant/conversations/stored-message';
import { appendChunks, endAnswer } from '@/lib/database/answers';
import { AppError } from '@/lib/http/app-error';
import { toAppError } from '@/lib/http/known-errors';
import { nameRequest } from '@/lib/http/request-id';
import { observe } from '@/lib/engine/telemetry';
import type { TurnContextData } from '@/lib/turn/types';
import { AnswerLog } from './answer-log';
import { sinkInto, type Turn } from './answer-sink';
import { foldParts } from './chunks';
import { runningAnswers, type EndReason, type RunningAnswer } from './running-answers';

export type AnswerIdentity = {
  conversationId: string;
  messageId: string;
  parentId: string;
  createdAt: Date;
};

type Ending = {
  state: Exclude<MessageState, 'running'>;
  error: AppError | null;
  bundle: string | null;
  context: TurnContextData | null;
};

async function carryOut(turn: Turn, log: AnswerLog, signal: AbortSignal, requestId: unknown): Promise<Ending> {
  const sink = sinkInto(log);
  let state: Ending['state'] = 'complete';
  let error: AppError | null = null;
  try {
    signal.throwIfAborted();
    // An abort that comes too late to be noticed leaves a complete answer.
    await turn(sink, signal);
  } catch (thrown) {
    state = signal.aborted ? (signal.reason as EndReason) : 'failed';
    error = signal.aborted ? null : nameRequest(toAppError(thrown), requestId);
  } finally {
    sink.close();
  }
  return { state, error, bundle: sink.bundleName, context: sink.context };
}

/** Stores the end, then tells the readers: what they were told has ended is in the database. */
async function finish(identity: AnswerIdentity, ending: Ending, log: AnswerLog, requestLog: Logger): Promise<void> {
  const { state, error, bundle, context } = ending;
  const metadata = metadataOf(identity, ending);
  try {
    await log.settle();
    const parts = foldParts(log.all());
    await endAnswer(identity.messageId, { state, parts, text: textOf(parts), bundle, context, error });
  } catch (thrown) {
    // The answer stays `running` in the database; maintenance stores it once that works again.
    requestLog.error({ err: thrown, messageId: identity.messageId }, 'an answer could not be stored');
    const storeError = nameRequest(toAppError(thrown), requestLog.bindings()['requestId']);
    log.push({
      type: 'message-metadata',
      messageMetadata: metadataOf(identity, { state: 'failed', error: storeError }),
    });
    log.push({ type: 'error', errorText: storeError.message });
    return;
  }
  log.push({ type: 'message-metadata', messageMetadata: metadata });
  if (error === null) {
    log.push({ type: 'finish', messageMetadata: metadata });
  } else {
    observe({ what: 'refused', code: error.code });
    requestLog[error.status >= 500 ? 'error' : 'info']({ err: error.cause, code: error.code }, 'an answer failed');
    log.push({ type: 'error', errorText: error.message });
  }
}

function metadataOf(
  identity: AnswerIdentity,
  { state, error, bundle }: { state: MessageState; error?: AppError | null; bundle?: string | null },
): MessageMetadata {
  return {
    parentId: identity.parentId,
    createdAt: identity.createdAt.toISOString(),
    state,
    ...(typeof bundle === 'string' && { bundle }),
    ...(error instanceof AppError && { error: { code: error.code, message: error.message } }),
  };
}

/** Runs a turn in the background. It ends by itself, by `end`, or with the process; readers may come and go. */
export function runAnswer(identity: AnswerIdentity, turn: Turn, requestLog: Logger): RunningAnswer {
  const controller = new AbortController();
  const { messageId, conversationId } = identity;
  const log = new AnswerLog((seq, chunks) => appendChunks(messageId, seq, chunks));
  log.push({ type: 'start', messageId, messageMetadata: metadataOf(identity, { state: 'running' }) });
  const work = async () => {
    try {
      const ending = await carryOut(turn, log, controller.signal, requestLog.bindings()['requestId']);
      await finish(identity, ending, log, requestLog);
    } finally {
      log.end();
    }
  };
  const answer = { messageId, log, end: (reason: EndReason) => controller.abort(reason), done: work() };
  runningAnswers().add(conversationId, answer);
  return answer;
}
