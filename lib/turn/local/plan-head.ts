import { readFile } from 'node:fs/promises';
import type { Bundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import { type LanguageEngine, LanguageModel } from '@/lib/language';
import type { Planner } from '../planner';

/**
 * Tokens of a question that are read for its plan: longer ones are pasted texts, whose first words say what is asked.
 */
const MOST_TOKENS = 120;

type Head = {
  names: readonly string[];
  least: number;
  /** [names, states + 1]: weights and, last, the bias. */
  rows: Float32Array;
  /** By name, the question in words that the model was trained on. */
  restated: Readonly<Partial<Record<string, string>>>;
};

/** softmax(W s + b): the likeliest name and its probability. */
export function likeliest(
  { names, rows }: Pick<Head, 'names' | 'rows'>,
  state: Float32Array,
): [name: string, probability: number] {
  const width = state.length;
  const logits = names.map((_, index) => {
    const start = index * (width + 1);
    let sum = rows[start + width] ?? 0;
    for (let i = 0; i < width; i += 1) {
      sum += (rows[start + i] ?? 0) * (state[i] ?? 0);
    }
    return sum;
  });
  const highest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return [names[logits.indexOf(highest)] ?? '', 1 / total];
}

async function openHead(bundle: Bundle): Promise<Head | undefined> {
  const { plan } = bundle.manifest.language;
  if (plan?.states === undefined) {
    return undefined;
  }
  const bytes = await readFile(bundle.path(plan.file));
  const expected = plan.names.length * (plan.states + 1) * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw new EngineError(
      'model_unavailable',
      `${plan.file} has ${bytes.length} bytes, not ${expected}: get the model again.`,
    );
  }
  const rows = new Float32Array(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(rows.buffer).set(bytes);
  return { names: plan.names, least: plan.least, rows, restated: plan.restated ?? {} };
}

/** The mean of rows of equal length. */
function meanOf(rows: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(rows[0]?.length ?? 0);
  for (const row of rows) {
    row.forEach((value, index) => {
      mean[index] = (mean[index] ?? 0) + value / rows.length;
    });
  }
  return mean;
}

/**
 * The bundle's planner: a linear head over what the language model's first layers make of the question, read by itself
 * (models/training, stage `plan`). Undefined for a bundle without one, and where a server runs the language model,
 * which gives no states.
 * @throws EngineError `model_unavailable` naming the file that is wrong
 */
export async function openPlanner(bundle: Bundle, language: LanguageEngine): Promise<Planner | undefined> {
  const head = await openHead(bundle);
  if (head === undefined || !(language instanceof LanguageModel)) {
    return undefined;
  }
  const { tokenizer } = language;
  // What would stand behind a question cannot change what it is read as.
  const opening = [tokenizer.controls.imStart, ...tokenizer.encode('user\n')];
  return async (question, signal) => {
    const ids = tokenizer.encode(question).slice(0, MOST_TOKENS);
    if (ids.length === 0) {
      return null;
    }
    const states = await language.firstStates(
      [...opening, ...ids].map((id) => ({ id })),
      signal,
    );
    if (states === undefined) {
      return null;
    }
    const [name, probability] = likeliest(head, meanOf(states.slice(opening.length)));
    const restated = head.restated[name];
    return probability < head.least
      ? null
      : { name, cue: `${restated === undefined ? '' : ` ${restated}`} [asked: ${name}]` };
  };
}
