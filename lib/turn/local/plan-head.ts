import { readFile } from 'node:fs/promises';
import type { Bundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import { LanguageModel, encodeAnswerStart, encodeMessage, type LanguageEngine } from '@/lib/language';
import type { Planner } from '../planner';

/** Tokens of a question that are read for its plan: longer ones are pasted texts, whose first words say what is asked. */
const MOST_TOKENS = 120;

type Head = {
  names: readonly string[];
  least: number;
  /** [names, width + 1]: weights and, last, the bias. */
  rows: Float32Array;
};

/** softmax(W h + b): the likeliest name and its probability. */
export function likeliest(
  { names, rows }: Omit<Head, 'least'>,
  hidden: Float32Array,
): [name: string, probability: number] {
  const width = hidden.length;
  const logits = names.map((_, index) => {
    const start = index * (width + 1);
    let sum = rows[start + width] ?? 0;
    for (let i = 0; i < width; i += 1) {
      sum += (rows[start + i] ?? 0) * (hidden[i] ?? 0);
    }
    return sum;
  });
  const highest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return [names[logits.indexOf(highest)] ?? '', 1 / total];
}

async function openHead(bundle: Bundle): Promise<Head | undefined> {
  const { plan, width } = bundle.manifest.language;
  if (plan === undefined) {
    return undefined;
  }
  const bytes = await readFile(bundle.path(plan.file));
  const expected = plan.names.length * (width + 1) * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw new EngineError(
      'model_unavailable',
      `${plan.file} has ${bytes.length} bytes, not ${expected}: get the model again.`,
    );
  }
  const rows = new Float32Array(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(rows.buffer).set(bytes);
  return { names: plan.names, least: plan.least, rows };
}

/**
 * The bundle's planner: a linear head over the language model's last hidden state behind the question, read by itself (models/training, stage `plan`). Undefined for a bundle without one, and
 * where a server runs the language model, which gives no hidden states.
 * @throws EngineError `model_unavailable` naming the file that is wrong
 */
export async function openPlanner(bundle: Bundle, language: LanguageEngine): Promise<Planner | undefined> {
  const head = await openHead(bundle);
  if (head === undefined || !(language instanceof LanguageModel)) {
    return undefined;
  }
  const { tokenizer } = language;
  return async (question, signal) => {
    const ids = tokenizer.encode(question).slice(0, MOST_TOKENS);
    const parts = ids.map((id) => ({ kind: 'control', id }) as const);
    const read = [...encodeMessage({ role: 'user', parts }, tokenizer), ...encodeAnswerStart(tokenizer)];
    const hidden = await language.hiddenAfter(read, signal);
    const [name, probability] = likeliest(head, hidden);
    return probability < head.least ? null : { name, cue: ` [asked: ${name}]` };
  };
}
