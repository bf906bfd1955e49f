import { z } from 'zod';
import type { Judgement } from './verdict';
import { idSchema } from './ids';

const fraction = z.number().min(0).max(1);

export const modelVerdictSchema = z.enum(['anomalous', 'normal', 'unsure']);
export const basisSchema = z.object({
  kind: z.enum(['zero-shot', 'references', 'part', 'set']),
  /** Images compared with; 0 for `zero-shot`. */
  count: z.int().nonnegative(),
});
/** The verdict on an image: one contract on every surface (docs/decisions/verdicts.md). */
export const judgementSchema = z.object({
  verdict: modelVerdictSchema,
  /** That the image is anomalous, 0..1. */
  probability: fraction,
  /** How unlike anything that the model was trained on, 0..1; null: the bundle does not measure it. */
  foreignness: fraction.nullable(),
  basis: basisSchema,
}) satisfies z.ZodType<Judgement>;
export type { Judgement, Verdict as ModelVerdict } from './verdict';

/** What an inspection stored before there were verdicts meant: its score is the probability, and one half decides. */
export function plainJudgement(score: number, references: number): Judgement {
  return {
    verdict: score >= 0.5 ? 'anomalous' : 'normal',
    probability: score,
    foreignness: null,
    basis: references === 0 ? { kind: 'zero-shot', count: 0 } : { kind: 'references', count: references },
  };
}

const olderSchema = z.object({ score: fraction, referenceIds: z.array(z.unknown()).optional() });

/**
 * An inspection as it was stored, with the verdict that it lacks if it is older than verdicts; anything else as it is.
 */
export function withJudgement(stored: unknown): unknown {
  const older = olderSchema.safeParse(stored);
  return older.success && !('verdict' in Object(stored))
    ? { ...plainJudgement(older.data.score, older.data.referenceIds?.length ?? 0), ...Object(stored) }
    : stored;
}

/**
 * `data-notice`: what the product itself says beside an answer; never the model's words. `unsure`: the image cannot be
 * judged from what there is; `action` is what would help. `disagreement`: the model that wrote and the expert that
 * looked do not say the same. `unsent`: the model that wrote was not sent each picture.
 */
export const noticePartSchema = z.object({
  kind: z.enum(['unsure', 'disagreement', 'unsent']),
  imageId: idSchema,
  text: z.string(),
  action: z.enum(['attach-reference']).nullable(),
});
export type NoticePart = z.infer<typeof noticePartSchema>;
