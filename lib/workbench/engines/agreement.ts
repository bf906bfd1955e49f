import type { ChatMessage } from '@/lib/contract';
import { decodeRle } from '@/lib/segmentation/rle';
import { parseVerdict, type SaidVerdict } from '@/lib/turn/said-verdict';
import { textOf } from '../chat/tree';

/** Who wrote an answer, and in what time, as it was measured. */
export type Written = {
  message: ChatMessage;
  /** Name of the engine; null: the embedded one. */
  engine: string | null;
  label: string;
  verdict: SaidVerdict;
  firstWordMs: number | null;
  totalMs: number | null;
};

/** What a comparison shows of an answer. */
export function describeAnswer(message: ChatMessage): Written {
  const asked = message.parts.findLast((part) => part.type === 'data-engine')?.data ?? null;
  const timings = message.parts.find((part) => part.type === 'data-timings')?.data;
  const isOwn = asked === null || asked.fallback !== null;
  return {
    message,
    engine: isOwn ? null : asked.name,
    label: asked === null ? 'Embedded' : asked.fallback === null ? asked.label : `${asked.label}, embedded instead`,
    verdict: parseVerdict(textOf(message)),
    firstWordMs: timings?.firstTokenMs ?? null,
    totalMs: timings?.totalMs ?? null,
  };
}

/** Which pixels of an image an answer marks; null: none. */
function markedPixels({ parts }: ChatMessage): Uint8Array | null {
  const masks = parts.flatMap((part) => (part.type === 'data-mask' ? [decodeRle(part.data.rle).data] : []));
  const [first] = masks;
  if (first === undefined || masks.some(({ length }) => length !== first.length)) {
    return null;
  }
  return first.map((_, index) => (masks.some((mask) => mask[index] === 1) ? 1 : 0));
}

/**
 * How much the marks of two answers are the same, 0..1 (intersection over union); null where one of them marks nothing.
 */
export function overlapOf(one: ChatMessage, other: ChatMessage): number | null {
  const [a, b] = [markedPixels(one), markedPixels(other)];
  if (a === null || b === null || a.length !== b.length) {
    return null;
  }
  let [both, either] = [0, 0];
  a.forEach((value, index) => {
    const second = b[index] ?? 0;
    both += value & second;
    either += value | second;
  });
  return either === 0 ? null : both / either;
}

const SAID: Readonly<Record<NonNullable<SaidVerdict>, string>> = {
  yes: 'anomalous',
  no: 'normal',
  unsure: 'cannot tell',
};

/** One sentence on whether answers say the same. */
export function agreementText(answers: readonly Written[]): string {
  const told = answers.filter(({ verdict }) => verdict !== null);
  if (told.length < 2) {
    return 'Fewer than two of them say whether something is wrong.';
  }
  const kinds = new Set(told.map(({ verdict }) => verdict));
  return kinds.size === 1
    ? `All say the same: ${SAID[told[0]?.verdict ?? 'unsure']}.`
    : `They differ: ${told.map(({ label, verdict }) => `${label} says ${SAID[verdict ?? 'unsure']}`).join(', ')}.`;
}

/** The answers to compare: the latest of each engine, at most four, in the order in which they came. */
export function latestOfEach(answers: readonly ChatMessage[]): Written[] {
  const latest = new Map<string, Written>();
  for (const written of answers.map(describeAnswer)) {
    const key = `${written.engine ?? ''} ${written.label}`;
    latest.delete(key);
    latest.set(key, written);
  }
  return [...latest.values()].slice(-4);
}
