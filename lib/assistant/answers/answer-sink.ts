import type { GlancePart, StatusPart, StoredPart } from '@/lib/contract';
import type { TurnContextData } from '@/lib/turn/types';
import type { AnswerLog } from './answer-log';

/** Where a turn writes its answer, in the order in which it is shown. */
export type AnswerSink = {
  /** Progress; shown, not stored. */
  status(status: StatusPart): void;
  /** What the first look at an image shows, until its inspection comes; not stored. */
  glance(glance: GlancePart): void;
  /** The next piece of the text. */
  text(delta: string): void;
  /** Who writes the answer, as soon as that is known. */
  bundle(name: string): void;
  /** What the turn wants back in follow-ups. */
  remember(context: TurnContextData): void;
  /** A data part. */
  part(part: Exclude<StoredPart, { type: 'text' }>): void;
};

/** One turn: writes to the sink until the answer is complete; ends soon (within a token) when the signal is aborted. */
export type Turn = (sink: AnswerSink, signal: AbortSignal) => Promise<void>;

/** What a sink has learnt besides the chunks. Call `close` at the end. */
export type WrittenAnswer = {
  close(): void;
  readonly bundleName: string | null;
  readonly context: TurnContextData | null;
};

const TEXT_ID = '0';

/** A sink that writes chunks to a log. The whole text is one part, whatever data parts come in between. */
export function sinkInto(log: AnswerLog): AnswerSink & WrittenAnswer {
  let open = false;
  let bundleName: string | null = null;
  let context: TurnContextData | null = null;
  return {
    status: (data) => log.push({ type: 'data-status', data, transient: true }),
    glance: (data) => log.push({ type: 'data-glance', data, transient: true }),
    text(delta) {
      if (!open) {
        open = true;
        log.push({ type: 'text-start', id: TEXT_ID });
      }
      log.push({ type: 'text-delta', id: TEXT_ID, delta });
    },
    bundle(name) {
      bundleName = name;
    },
    get bundleName() {
      return bundleName;
    },
    remember(data) {
      context = data;
    },
    get context() {
      return context;
    },
    part: (part) => log.push(part),
    close() {
      if (open) {
        log.push({ type: 'text-end', id: TEXT_ID });
      }
    },
  };
}
