import { seededRandom } from '@/lib/common/random';
/** How the next token is chosen. */
export type SamplingSettings = {
  /** 0 is greedy: always the likeliest token. */
  temperature: number;
  /** Nucleus: the smallest set of tokens whose probabilities reach topP, 0..1. */
  topP: number;
  /** At most this many of the likeliest tokens; 0 means no limit. */
  topK: number;
  /** > 1 makes tokens of the answer so far less likely (CTRL, Keskar et al. 2019); 1 is off. */
  repetitionPenalty: number;
  /** No sequence of this many tokens is said twice in an answer; 0 is off. */
  noRepeatNgram: number;
  seed: number;
};

export const GREEDY: SamplingSettings = {
  temperature: 0,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
  noRepeatNgram: 0,
  seed: 0,
};

/**
 * Tokens this much less likely than the best (natural log) are never sampled: their total probability is below 1e-4.
 */
const NEGLIGIBLE = 20;

/** Tokens that would complete an n-gram that `history` already holds. */
export function repeatedNgramTokens(history: readonly number[], size: number): Set<number> {
  const banned = new Set<number>();
  if (size < 2 || history.length < size) {
    return banned;
  }
  const tail = history.slice(history.length - size + 1);
  for (let start = 0; start + size <= history.length; start += 1) {
    const last = history[start + size - 1];
    if (last !== undefined && tail.every((id, i) => history[start + i] === id)) {
      banned.add(last);
    }
  }
  return banned;
}

/** Chooses tokens from logits; with the same seed and logits it chooses the same. */
export class Sampler {
  private readonly random: () => number;

  constructor(private readonly settings: SamplingSettings) {
    this.random = seededRandom(settings.seed);
  }

  /**
   * The next token.
   * @param logits [vocab]; changed in place by bans and penalties
   * @param history tokens of the answer so far
   * @param banned tokens that must not be chosen
   */
  sample(logits: Float32Array, history: readonly number[], banned: Iterable<number> = []): number {
    const { repetitionPenalty, noRepeatNgram, temperature } = this.settings;
    if (repetitionPenalty !== 1) {
      for (const id of new Set(history)) {
        const logit = logits[id] ?? 0;
        logits[id] = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty;
      }
    }
    for (const id of repeatedNgramTokens(history, noRepeatNgram)) {
      logits[id] = -Infinity;
    }
    for (const id of banned) {
      logits[id] = -Infinity;
    }
    return temperature > 0 ? this.draw(logits) : argmax(logits);
  }

  private draw(logits: Float32Array): number {
    const { temperature, topK, topP } = this.settings;
    const best = argmax(logits);
    const top = logits[best] ?? 0;
    const candidates: { id: number; weight: number }[] = [];
    for (let id = 0; id < logits.length; id += 1) {
      const distance = ((logits[id] ?? -Infinity) - top) / temperature;
      if (distance > -NEGLIGIBLE) {
        candidates.push({ id, weight: Math.exp(distance) });
      }
    }
    candidates.sort((a, b) => b.weight - a.weight || a.id - b.id);
    const kept = topK > 0 ? candidates.slice(0, topK) : candidates;
    const total = kept.reduce((sum, { weight }) => sum + weight, 0);
    let nucleus = 0;
    const size = kept.findIndex(({ weight }) => (nucleus += weight) >= topP * total) + 1;
    const pool = size > 0 ? kept.slice(0, size) : kept;
    let rest = this.random() * pool.reduce((sum, { weight }) => sum + weight, 0);
    return pool.find(({ weight }) => (rest -= weight) < 0)?.id ?? best;
  }
}

/** Index of the largest value; the first among equals. */
export function argmax(values: Float32Array): number {
  let best = 0;
  let top = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? -Infinity;
    if (value > top) {
      top = value;
      best = i;
    }
  }
  return best;
}
