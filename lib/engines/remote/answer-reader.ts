import { parsePartialJson } from 'ai';
import type { JSONSchema7 } from '@ai-sdk/provider';
import type { SaidVerdict } from '@/lib/turn/said-verdict';
import { type RawBox, boxesIn } from './boxes';
import { ReplyReader } from './reply-reader';
import { Thoughts } from './thoughts';

/** How a whole answer was read, whatever its form. */
export type ReadAnswer = {
  text: string;
  boxes: RawBox[];
  segs: number;
  verdict: SaidVerdict | undefined;
  /** The model thought aloud; its thoughts are in none of the other fields. */
  thought: boolean;
};

/** Reads an answer piece by piece: `push` gives what to show now, `end` the rest. */
export type AnswerReader = {
  push: (delta: string) => Promise<string>;
  end: () => Promise<{ rest: string; answer: ReadAnswer }>;
};

/** Text with boxes in it. */
export function plainReader(): AnswerReader {
  const reader = new ReplyReader();
  const thoughts = new Thoughts();
  const answer: ReadAnswer = { text: '', boxes: [], segs: 0, verdict: undefined, thought: false };
  const take = ({ text, boxes, segs }: ReturnType<ReplyReader['push']>) => {
    answer.text += text;
    answer.boxes.push(...boxes);
    answer.segs += segs;
    return Promise.resolve(text);
  };
  return {
    push: (delta) => take(reader.push(thoughts.push(delta))),
    async end() {
      const last = await take(reader.push(thoughts.end()));
      const rest = last + (await take(reader.end()));
      return { rest, answer: { ...answer, thought: thoughts.seen } };
    },
  };
}

/** What a server that fills schemas is asked for. */
export const ANSWER_SCHEMA: JSONSchema7 = {
  type: 'object',
  additionalProperties: false,
  required: ['verdict', 'answer', 'findings'],
  properties: {
    verdict: { type: 'string', enum: ['anomalous', 'normal', 'unsure', 'not asked'] },
    answer: { type: 'string', description: 'The answer as a person reads it' },
    findings: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['label', 'place', 'bbox_2d', 'confidence'],
        properties: {
          label: { type: 'string' },
          place: { type: 'string' },
          bbox_2d: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 },
          confidence: { type: 'number' },
        },
      },
    },
  },
};

const VERDICTS: Readonly<Record<string, SaidVerdict>> = { anomalous: 'yes', normal: 'no', unsure: 'unsure' };

/** An answer is read again when it has grown by this part. */
const READ_AGAIN = 64;

/**
 * One JSON value of `ANSWER_SCHEMA`; its `answer` is shown while it comes. What turns out to be no such value is read
 * as text.
 */
export function structuredReader(): AnswerReader {
  const thoughts = new Thoughts();
  let whole = '';
  let shown = '';
  /**
   * How long the answer was when it was last read: reading all of it at every letter would take as long as the server
   * likes.
   */
  let read = 0;
  const answerOf = (value: unknown): string => {
    const { answer } = (typeof value === 'object' && value !== null ? value : {}) as { answer?: unknown };
    return typeof answer === 'string' ? answer : '';
  };
  const show = (text: string) => {
    const delta = text.startsWith(shown) ? text.slice(shown.length) : '';
    shown += delta;
    return delta;
  };
  return {
    async push(delta) {
      whole += thoughts.push(delta);
      if (whole.length - read < whole.length / READ_AGAIN) {
        return '';
      }
      read = whole.length;
      return show(answerOf((await parsePartialJson(whole)).value));
    },
    async end() {
      whole += thoughts.end();
      const { value, state } = await parsePartialJson(whole);
      if (state === 'failed-parse' || state === 'undefined-input' || answerOf(value) === '') {
        const reader = plainReader();
        const text = `${await reader.push(whole)}${(await reader.end()).rest}`;
        const { answer } = await reader.end();
        return { rest: show(text) || (shown === '' ? text : ''), answer: { ...answer, thought: thoughts.seen } };
      }
      const { verdict, findings } = value as { verdict?: unknown; findings?: unknown };
      const rest = show(answerOf(value));
      return {
        rest,
        answer: {
          text: shown,
          boxes: boxesIn(findings),
          segs: 0,
          verdict: typeof verdict === 'string' ? (VERDICTS[verdict] ?? null) : undefined,
          thought: thoughts.seen,
        },
      };
    },
  };
}
