import { servedPlaybook } from '@/lib/knowledge';
import { type Engine, type EngineCallOptions, getEngine } from '@/lib/engine/worker/client';
import { runTurn } from '@/lib/turn/run-turn';
import type { TurnEvent, TurnRequest, TurnResult } from '@/lib/turn/types';
import { EMBEDDED, hostOf } from './config';
import type { NamedEngine, RemoteEngine } from './registry';
import { enginePerception } from './remote/perception';
import { RemoteError } from './remote/remote-error';
import { remoteWriter } from './remote/remote-writer';

/** Lets a remote engine write, and the embedded experts look. */
async function answerRemotely(
  local: Engine,
  engine: RemoteEngine,
  request: TurnRequest,
  { key, signal, onEvent }: EngineCallOptions<TurnEvent>,
): Promise<TurnResult> {
  const { bundle } = local.status().info ?? (await local.load());
  const perception = enginePerception(local, bundle, { key, signal });
  const writer = remoteWriter(engine, (wanted) => local.pictures(wanted, { key, signal }));
  const name = `${engine.name}/${engine.config.model}`;
  return runTurn({ perception, writer, playbook: await servedPlaybook(), name }, request, {
    signal: signal ?? new AbortController().signal,
    emit: (event) => onEvent?.(event),
  });
}

/** What an answer has once, whoever writes it. Marks are not among it: each writer's words are about its own. */
const SHOWN_ONCE: ReadonlySet<TurnEvent['type']> = new Set<TurnEvent['type']>(['inspection', 'notice']);
const MARKS: ReadonlySet<TurnEvent['type']> = new Set<TurnEvent['type']>(['mask', 'findings']);

/**
 * Holds the expert's marks back until the first word is there: should the embedded model have to write instead, it
 * shows its own.
 */
function untilFirstWord(pass: (event: TurnEvent) => void): { take: (event: TurnEvent) => void; flush: () => void } {
  let held: TurnEvent[] = [];
  let isOpen = false;
  const flush = () => {
    isOpen = true;
    held.forEach(pass);
    held = [];
  };
  const take = (event: TurnEvent) => {
    if (event.type === 'text') {
      flush();
    }
    if (!isOpen && MARKS.has(event.type)) {
      held.push(event);
    } else {
      pass(event);
    }
  };
  return { take, flush };
}

/** What was shown of an answer whose engine failed, and how long that took. */
type Failed = { shown: ReadonlySet<TurnEvent['type']>; firstTextMs: number | undefined; failedMs: number };

/**
 * The embedded model in place of a remote engine that failed; what was shown is not shown again. Times are those of
 * both.
 */
async function fallBack(
  local: Engine,
  request: TurnRequest,
  options: EngineCallOptions<TurnEvent>,
  { shown, firstTextMs, failedMs }: Failed,
): Promise<TurnResult> {
  const { onEvent } = options;
  if (shown.has('text')) {
    onEvent?.({ type: 'text', delta: '\n\n' });
  }
  return local.turn(request, {
    ...options,
    onEvent(event) {
      if ('type' in event && event.type === 'timings') {
        const { firstTokenMs, totalMs } = event.timings;
        const first = firstTextMs ?? (firstTokenMs === undefined ? undefined : failedMs + firstTokenMs);
        onEvent?.({
          type: 'timings',
          timings: {
            ...event.timings,
            ...(first !== undefined && { firstTokenMs: first }),
            ...(totalMs !== undefined && { totalMs: failedMs + totalMs }),
          },
        });
      } else if (!('type' in event) || !SHOWN_ONCE.has(event.type) || !shown.has(event.type)) {
        onEvent?.(event);
      }
    },
  });
}

/** Tells who was asked, and (with a reason) that the embedded model writes instead. */
function engineEvent({ name, label, config }: RemoteEngine, reason?: string): TurnEvent {
  const fallback = reason === undefined ? null : { to: EMBEDDED, reason };
  return { type: 'engine', name, label, model: config.model, host: hostOf(config), fallback };
}

/**
 * Answers the last question of a branch with an engine. Who lets it be asked has seen to the consent, and passes the
 * very engine that it is about: the file may have changed since.
 * @throws EngineError as `Engine.turn`; of a remote engine that fails and has nobody to fall back to, one sentence
 *   about why
 */
export async function answerWith(
  engine: NamedEngine,
  request: TurnRequest,
  options: EngineCallOptions<TurnEvent>,
  local: Engine = getEngine(),
): Promise<TurnResult> {
  if (engine.kind === 'embedded') {
    return local.turn(request, options);
  }
  const started = performance.now();
  const shown = new Set<TurnEvent['type']>();
  let firstTextMs: number | undefined;
  const marks = untilFirstWord((event) => {
    shown.add(event.type);
    firstTextMs ??= event.type === 'text' ? performance.now() - started : undefined;
    options.onEvent?.(event);
  });
  const onEvent: typeof options.onEvent = (event) => ('type' in event ? marks.take(event) : options.onEvent?.(event));
  options.onEvent?.(engineEvent(engine));
  try {
    const result = await answerRemotely(local, engine, request, { ...options, onEvent });
    marks.flush();
    return result;
  } catch (error) {
    if (!(error instanceof RemoteError) || engine.config.fallback !== 'embedded') {
      marks.flush();
      throw error;
    }
    options.onEvent?.(engineEvent(engine, error.message));
    return fallBack(local, request, options, { shown, firstTextMs, failedMs: performance.now() - started });
  }
}
