import { withImageNames } from '@/lib/assistant/answers/prepare-turn';
import type { TurnEvent } from '@/lib/turn/types';
import type { Owner } from '@/lib/database/owner';
import type { QueueEvent } from '@/lib/engine/worker/client';
import { answerWith } from '@/lib/engines/answer';
import { EMBEDDED_ENGINE } from '@/lib/engines/registry';
import { queueKey } from '@/lib/engine/rounds';
import { StopSequences } from '@/lib/language/stop-sequences';
import { conversationKey, remember } from './context-memory';
import type { Extension } from './contract';
import { extensionOf, jsonAnswer, mergeExtensions } from './observe';
import type { PreparedTurn } from './prepare';
import type { Question } from './question';
import { fitAnswer } from './schema-fit';

export type Usage = { promptTokens: number; cachedTokens: number; completionTokens: number };

export type Outcome = {
  /** The whole content. */
  text: string;
  finishReason: 'stop' | 'length';
  usage: Usage;
  extension: Extension;
};

/** What is told while the answer comes about. */
export type AnswerReader = {
  onText: (delta: string) => void;
  onExtension: (extension: Extension) => void;
  /** Any sign of life; the first comes when the question has been taken. */
  onProgress: (stage: string) => void;
};

const describe = (event: TurnEvent | QueueEvent): string => {
  if (!('type' in event)) {
    return `queued ${event.position}`;
  }
  return event.type === 'status' ? `${event.stage} ${event.done ?? ''}/${event.total ?? ''}` : event.type;
};

/**
 * Lets the engine answer a prepared question and tells of it piece by piece. In JSON mode the content is told as one
 * piece, at the end.
 * @throws EngineError and AppError of the engine; DoorError for a schema that forbids what was measured
 */
export async function runAnswer(
  owner: Owner,
  question: Question,
  turn: PreparedTurn,
  { onText, onExtension, onProgress }: AnswerReader,
  signal: AbortSignal,
): Promise<Outcome> {
  const isJson = question.format.type === 'json';
  const stops = new StopSequences(question.stop);
  let timings: Extension['timings'];
  let said = '';
  let extension: Extension = question.ignored.length > 0 ? { ignored: question.ignored } : {};
  let stopped = false;
  const show = (delta: string) => {
    said += delta;
    if (delta !== '' && !isJson) {
      onText(delta);
    }
  };
  const add = (part: Extension) => {
    extension = mergeExtensions(extension, part);
    onExtension(part);
  };
  const take = (event: TurnEvent | QueueEvent) => {
    onProgress(describe(event));
    if (!('type' in event) || (stopped && event.type === 'text')) {
      return;
    }
    if (event.type === 'text') {
      // The engine ends at a stop sequence, too, but tells it; here it is cut off.
      const next = stops.push(event.delta);
      show(next.text);
      stopped = next.stopped;
      return;
    }
    timings = event.type === 'timings' ? event.timings : timings;
    const part = extensionOf(event, turn.positionOf);
    if (part !== null) {
      add(part);
    }
  };
  const result = await answerWith(EMBEDDED_ENGINE, turn.request, {
    key: queueKey(owner.userId, 'v1'),
    signal,
    onEvent: take,
  }).catch((error: unknown) => {
    throw withImageNames(error, turn.request);
  });
  show(stopped ? '' : stops.flush());
  add({ bundle: result.bundle });
  let text = said;
  if (question.format.type === 'json') {
    const answer = jsonAnswer(said, extension, turn.known);
    const { schema } = question.format;
    text = JSON.stringify(schema === null ? answer : fitAnswer(answer, schema, 'response_format'));
    onText(text);
  }
  // What the engine knows of a stopped answer has more text than its reader.
  if (!stopped) {
    const answered = [...turn.told, { role: 'assistant', text, images: [] }];
    remember(conversationKey(owner.userId, answered), {
      context: result.context,
      seen: extension.inspections ?? turn.known?.seen ?? [],
      findings: extension.findings ?? (extension.inspections === undefined ? (turn.known?.findings ?? []) : []),
    });
  }
  const usage = {
    promptTokens: timings?.promptTokens ?? 0,
    cachedTokens: timings?.cachedTokens ?? 0,
    completionTokens: timings?.tokens ?? 0,
  };
  return { text, finishReason: stopped ? 'stop' : result.finishReason, usage, extension };
}
