import { z } from 'zod';

export const labels = ['normal', 'anomalous', 'unlabelled'] as const;
export const labelSchema = z.enum(labels);
export type Label = z.infer<typeof labelSchema>;

export const verdicts = ['accepted', 'rejected', 'relabelled', 'second_opinion', 'skipped'] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

export const annotationLimits = {
  /** Characters of a description, an impact, a suggestion, or a comment. */
  textLength: 4_000,
  /** Characters of a defect type's name. */
  typeLength: 120,
  /** Instances of one image. */
  parts: 4_096,
  /** Question and answer pairs of one image. */
  exchanges: 64,
} as const;

/** Text beside a mask: what RIAD-style answers consist of. */
export const textAnnotationSchema = z.object({
  description: z.string().max(annotationLimits.textLength).nullable(),
  impact: z.string().max(annotationLimits.textLength).nullable(),
  suggestion: z.string().max(annotationLimits.textLength).nullable(),
});
export type TextAnnotation = z.infer<typeof textAnnotationSchema>;

/** A question about an image and its answer, as LLaVA-style conversations and MMAD have them. */
export const exchangeSchema = z.object({
  question: z.string().max(annotationLimits.textLength),
  answer: z.string().max(annotationLimits.textLength),
  /** Choices of a multiple-choice question by their letter; the answer is a letter then. */
  options: z.record(z.string(), z.string()).optional(),
  /** MMAD's kind of question. */
  kind: z.string().max(annotationLimits.typeLength).optional(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/**
 * One instance of an annotation: a box or a set of pixels with a type. A mask is the union of its parts (`Mask.parts`);
 * a mask without parts is one instance of the item's defect type. Boxes are filled in the mask.
 */
export const partSchema = z.object({
  label: z.string().max(annotationLimits.typeLength),
  shape: z.enum(['box', 'mask']),
  /** [x, y, width, height] in px of the image. */
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** Run lengths of the instance (column-major, uncompressed); absent for boxes. */
  counts: z.array(z.int().nonnegative()).optional(),
});
export type Part = z.infer<typeof partSchema>;
