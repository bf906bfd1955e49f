import { type Verdict } from '@/lib/contract/verdict';

/** How often verdicts are given, and how often those given are right. "Cannot tell" is neither right nor wrong. */
export type DecidedMetrics = {
  total: number;
  decided: number;
  /** Share of the images that are decided, 0..1. */
  coverage: number;
  /** Share of the decided that are right, 0..1; null where nothing is decided. */
  accuracy: number | null;
};

/** @param label 1 where the image is anomalous */
export function decidedMetrics(judged: readonly { verdict: Verdict; label: 0 | 1 }[]): DecidedMetrics {
  const decided = judged.filter(({ verdict }) => verdict !== 'unsure');
  const right = decided.filter(({ verdict, label }) => (verdict === 'anomalous') === (label === 1)).length;
  return {
    total: judged.length,
    decided: decided.length,
    coverage: judged.length === 0 ? 0 : decided.length / judged.length,
    accuracy: decided.length === 0 ? null : right / decided.length,
  };
}

/** The report's field `verdicts`, absent unless every image has a verdict. */
export function verdictsOf(images: readonly { verdict?: Verdict | undefined; label: 0 | 1 }[]): {
  verdicts?: DecidedMetrics;
} {
  const judged = images.flatMap(({ verdict, label }) => (verdict === undefined ? [] : [{ verdict, label }]));
  return judged.length === 0 || judged.length < images.length ? {} : { verdicts: decidedMetrics(judged) };
}
