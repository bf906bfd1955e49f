import { join } from 'node:path';
import type { SampleScore } from '@/lib/anomaly/part-builder';
import { messageOf } from '@/lib/common/message-of';
import { FairQueue } from '@/lib/engine/fair-queue';
import { defaultBundleDirectory, projectRoot } from '@/lib/common/paths';
import { WorkerClient } from '@/lib/engine/rpc/client';
import { observe } from '@/lib/engine/telemetry';
import type { LanguageBench } from '@/lib/language';
import type { Rle } from '@/lib/segmentation/rle';
import type { Inspection, Marked } from '@/lib/turn/perception';
import type { TurnEvent, TurnRequest, TurnResult } from '@/lib/turn/types';
import { isWriting } from '@/lib/turn/writing';
import type {
  EngineInfo,
  EngineOperations,
  GlanceEvent,
  InspectEvent,
  InspectRequest,
  MarkRequest,
  PictureRequest,
  Pictures,
  PartAdd,
  PartBegin,
  PartFinish,
  Scan,
  ScanRequest,
  SegmentRequest,
} from './operations';
import type { TogetherResult, TogetherStep } from './together';

/** Questions that may wait; more are refused. */
const QUEUE_CAPACITY = 128;
/**
 * Answers that are written at the same time, while the next question is looked at; each holds a key-value cache
 * (`lib/language/model.ts`).
 */
const WRITING = { all: 9, perPerson: 8 };

/** `queued`: 1 is next. */
export type QueueEvent = { stage: 'queued'; position: number };

export type EngineCallOptions<Event> = {
  /**
   * Who asks, and in which conversation (`queueKey`): the queue takes turns between people, and between what each of
   * them asks.
   */
  key: string;
  signal?: AbortSignal | undefined;
  /** Waits until nobody else wants anything. */
  background?: boolean | undefined;
  onEvent?: ((event: Event | QueueEvent) => void) | undefined;
};

export type EngineStatus = {
  state: 'stopped' | 'loading' | 'ready' | 'failed';
  info?: EngineInfo;
  /** Why loading failed. */
  problem?: string;
  waiting: number;
  /** Work that waits until nobody asks. */
  background: number;
  busy: boolean;
};

export type EngineSettings = { bundleDirectory?: string; workerFile?: string };

/**
 * The model, as the server and the command line see it: one thread, a fair queue before it. One job at a time looks at
 * images and reads; a turn that has come to writing lets the next one in (docs/decisions/batched-decoding.md).
 */
export class Engine {
  private readonly client: WorkerClient<EngineOperations>;
  private readonly queue = new FairQueue(QUEUE_CAPACITY, 1, 1, WRITING);
  private loading = false;
  private info: EngineInfo | undefined;
  private problem: string | undefined;

  constructor({
    bundleDirectory = defaultBundleDirectory(),
    workerFile = join(projectRoot(), 'dist', 'engine-worker.mjs'),
  }: EngineSettings = {}) {
    this.client = new WorkerClient(workerFile, { workerData: { bundleDirectory } });
  }

  /**
   * Loads the bundle, if it is not loaded yet, and tells about it.
   * @throws EngineError `model_unavailable` naming the file that is wrong
   */
  async load(): Promise<EngineInfo> {
    this.loading = !this.client.isRunning || this.info === undefined;
    try {
      this.info = await this.client.call('load', undefined);
      this.problem = undefined;
      return this.info;
    } catch (error) {
      this.info = undefined;
      this.problem = messageOf(error);
      throw error;
    } finally {
      this.loading = false;
    }
  }

  /**
   * Inspects an image.
   * @throws EngineError for unreadable images, a full queue, cancellation, or a missing model
   */
  async inspect(request: InspectRequest, options: EngineCallOptions<InspectEvent | GlanceEvent>): Promise<Inspection> {
    const inspection = await this.run('inspect', request, options);
    observe({ what: 'inspected' });
    return inspection;
  }

  /**
   * Cuts out the region that clicks on an image point at.
   * @throws EngineError as `inspect`
   */
  segment(request: SegmentRequest, options: EngineCallOptions<InspectEvent>): Promise<Rle> {
    return this.run('segment', request, options);
  }

  /**
   * Cuts out and measures what is at a place of an image, or what the expert marks by itself.
   * @throws EngineError as `inspect`
   */
  mark(request: MarkRequest, options: EngineCallOptions<InspectEvent>): Promise<Marked> {
    return this.run('mark', request, options);
  }

  /**
   * Draws pictures of an image for a model elsewhere.
   * @throws EngineError as `inspect`
   */
  pictures(request: PictureRequest, options: EngineCallOptions<never>): Promise<Pictures> {
    return this.run('pictures', request, options);
  }

  /**
   * Answers the last question of a conversation's branch.
   * @throws EngineError as `inspect`
   */
  turn(request: TurnRequest, options: EngineCallOptions<TurnEvent>): Promise<TurnResult> {
    const onEvent = (event: TurnEvent | QueueEvent) => {
      if ('type' in event) {
        count(event);
      }
      options.onEvent?.(event);
    };
    const underWay = this.queue.underWay(options.key) + 1;
    return this.run('turn', { ...request, underWay }, { ...options, onEvent }, isWriting);
  }

  /**
   * Inspects an image of a set, when nobody else waits.
   * @throws EngineError `invalid_request` when its sample is not in the thread (any more): add it again
   */
  async scan(request: ScanRequest, options: EngineCallOptions<InspectEvent>): Promise<Scan> {
    const scan = await this.run('scan', request, { ...options, background: true });
    observe({ what: 'inspected' });
    return scan;
  }

  /**
   * One step of judging images among each other; others are answered between two steps.
   * @throws EngineError `invalid_request` when the set is not in the thread (any more): begin it again
   */
  together<Step extends TogetherStep>(
    step: Step,
    options: EngineCallOptions<never>,
  ): Promise<Extract<TogetherResult, { step: Step['step'] }>> {
    // The result is of the step that was asked for.
    return this.run('together', step, options) as Promise<Extract<TogetherResult, { step: Step['step'] }>>;
  }

  /** Adds an image to a set's sample for mutual scoring; see `EngineOperations.bankAdd`. */
  bankAdd(
    request: EngineOperations['bankAdd']['params'],
    options: EngineCallOptions<never>,
  ): Promise<{ size: number }> {
    return this.run('bankAdd', request, { ...options, background: true });
  }

  /** Compares an image of the sample with the others. */
  bankMeasure(
    request: EngineOperations['bankMeasure']['params'],
    options: EngineCallOptions<never>,
  ): Promise<undefined> {
    return this.run('bankMeasure', request, { ...options, background: true });
  }

  /** Begins, adds to and writes the bank of a part, when nobody else waits (`EngineOperations`). */
  partBegin(request: PartBegin, options: EngineCallOptions<never>): Promise<string[]> {
    return this.run('partBegin', request, { ...options, background: true });
  }

  partAdd(request: PartAdd, options: EngineCallOptions<never>): Promise<undefined> {
    return this.run('partAdd', request, { ...options, background: true });
  }

  partFinish(request: PartFinish, options: EngineCallOptions<never>): Promise<SampleScore[]> {
    return this.run('partFinish', request, { ...options, background: true });
  }

  /** Measures the language model (`looktwice bench`). */
  benchLanguage(nonce: number): Promise<LanguageBench> {
    return this.run('benchLanguage', { nonce }, { key: 'bench' });
  }

  /**
   * For what wants to refuse before it stores anything.
   * @throws EngineError `queue_full` when a question would be refused now
   */
  requireRoom(key: string): void {
    this.queue.requireRoom(key);
  }

  status(): EngineStatus {
    const info = this.client.isRunning ? this.info : undefined;
    const idle = this.problem === undefined ? 'stopped' : 'failed';
    return {
      state: this.loading ? 'loading' : info === undefined ? idle : 'ready',
      ...(info === undefined ? {} : { info }),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      waiting: this.queue.length,
      background: this.queue.backgroundLength,
      busy: this.queue.isBusy,
    };
  }

  /** Ends the thread; running and waiting work fails. */
  async close(): Promise<void> {
    await this.client.close();
  }

  private async run<Name extends Exclude<keyof EngineOperations, 'load'>>(
    operation: Name,
    params: EngineOperations[Name]['params'],
    { key, signal, background, onEvent }: EngineCallOptions<EngineOperations[Name]['event']>,
    /** By which event the next job may start. */
    letsIn?: (event: EngineOperations[Name]['event']) => boolean,
  ): Promise<EngineOperations[Name]['result']> {
    const onPosition = (position: number) => {
      if (position > 0) {
        onEvent?.({ stage: 'queued', position });
      }
    };
    const asked = performance.now();
    const queue = background === true ? 'background' : 'model';
    return this.queue.run(
      key,
      async (stepAside) => {
        observe({ what: 'waited', queue, seconds: (performance.now() - asked) / 1000 });
        await this.load();
        const onEventHere = (event: EngineOperations[Name]['event']) => {
          if (letsIn?.(event) === true) {
            stepAside();
          }
          onEvent?.(event);
        };
        return this.client.call(operation, params, { signal, onEvent: onEventHere });
      },
      { signal, background, onPosition },
    );
  }
}

/** Tells those who count what a turn reports. */
function count(event: TurnEvent): void {
  if (event.type === 'inspection') {
    observe({ what: 'inspected' });
  } else if (event.type === 'timings') {
    const { firstTokenMs, tokens, tokensPerSecond } = event.timings;
    const firstTokenSeconds = firstTokenMs === undefined ? undefined : firstTokenMs / 1000;
    observe({ what: 'answered', firstTokenSeconds, tokens, tokensPerSecond });
  }
}

const holder = globalThis as typeof globalThis & { looktwiceEngine?: Engine };

/** The process's engine. Kept on `globalThis`, since Next.js may load this module once per route. */
export function getEngine(): Engine {
  holder.looktwiceEngine ??= new Engine();
  return holder.looktwiceEngine;
}
