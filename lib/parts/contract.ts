import { z } from 'zod';
import { bboxSchema } from '@/lib/contract/parts';
import { idSchema } from '@/lib/contract/ids';

const fraction = z.number().min(0).max(1);
const text = (most: number) => z.string().trim().max(most);
const nullableText = (most: number) => text(most).nullable();

/** [x, y, width, height] in fractions of the image. */
const areaBoxSchema = z.tuple([fraction, fraction, fraction, fraction]);
/** What of a part's images counts: what is inside of `inside` (null: everything) and in none of `ignore`. */
export const partAreaSchema = z.object({
  inside: areaBoxSchema.nullable(),
  ignore: z.array(areaBoxSchema).max(20),
});
export type PartAreaInfo = z.infer<typeof partAreaSchema>;

export const sampleKinds = ['golden', 'defect'] as const;
export type SampleKind = (typeof sampleKinds)[number];

/** `POST /api/parts` */
export const createPartSchema = z.object({
  name: text(100).min(1),
  number: nullableText(100).optional(),
  revision: nullableText(50).optional(),
  material: nullableText(100).optional(),
  notes: text(4_000).optional(),
  shared: z.boolean().optional(),
  /** Images that show it good. */
  goldenIds: z.array(idSchema).max(200).default([]),
});

/** `PATCH /api/parts/:id`; `version`: of the part that was seen, so that nobody's change is written over. */
export const changePartSchema = z.object({
  version: z.int().nonnegative(),
  name: text(100).min(1).optional(),
  number: nullableText(100).optional(),
  revision: nullableText(50).optional(),
  material: nullableText(100).optional(),
  notes: text(4_000).optional(),
  /** Pixels of a sample per millimetre. */
  pxPerMm: z.number().positive().max(1e6).nullable().optional(),
  area: partAreaSchema.nullable().optional(),
  shared: z.boolean().optional(),
  /** Score from which it is anomalous; null: what the samples suggest. */
  threshold: fraction.nullable().optional(),
});

const sampleFields = {
  view: nullableText(50).default(null),
  defectType: nullableText(100).default(null),
  bbox: bboxSchema.nullable().default(null),
};

/** `POST /api/parts/:id/samples`: images, or the accepted normal items of a data set. */
export const addSamplesSchema = z.union([
  z.object({
    samples: z
      .array(z.object({ imageId: idSchema, kind: z.enum(sampleKinds), ...sampleFields }))
      .min(1)
      .max(200),
  }),
  z.object({ datasetId: idSchema, limit: z.int().min(1).max(200).default(50) }),
]);
export type AddSamples = z.input<typeof addSamplesSchema>;

export const correctionKinds = ['fine', 'missed', 'right'] as const;
export type CorrectionKind = (typeof correctionKinds)[number];

const correctionFields = {
  imageId: idSchema,
  /** `fine`: a false alarm; `missed`: a defect that was not told; `right`: the verdict was. */
  kind: z.enum(correctionKinds),
  /** What the verdict was; says what `right` confirms. */
  verdict: z.enum(['anomalous', 'normal', 'unsure']),
  /** The score that the image got. */
  score: fraction.nullable().default(null),
  ...sampleFields,
};
/** `POST /api/parts/:id/outlook`: what a correction would do to the threshold. */
export const previewCorrectionSchema = z.object(correctionFields);
/** `POST /api/parts/:id/corrections`; the client makes the id, so that the same one again changes nothing. */
export const correctionSchema = z.object({
  id: idSchema,
  ...correctionFields,
  note: nullableText(1_000).default(null),
});
export type PreviewCorrection = z.input<typeof previewCorrectionSchema>;
export type Correction = z.input<typeof correctionSchema>;

/**
 * A threshold, and the shares of good and defective parts that it is expected to get wrong; null: nothing is known to
 * expect it from.
 */
export const outlookSchema = z.object({
  threshold: fraction.nullable(),
  falseAlarms: fraction.nullable(),
  misses: fraction.nullable(),
});
export type Outlook = z.infer<typeof outlookSchema>;

export const previewSchema = z.object({ before: outlookSchema, after: outlookSchema, sampleKind: z.enum(sampleKinds) });
export type CorrectionPreview = z.infer<typeof previewSchema>;

export const sampleSchema = z.object({
  id: idSchema,
  imageId: idSchema,
  name: z.string(),
  width: z.int(),
  height: z.int(),
  kind: z.enum(sampleKinds),
  view: z.string().nullable(),
  defectType: z.string().nullable(),
  bbox: bboxSchema.nullable(),
  /** Beside the other good samples; null: not known yet. */
  score: fraction.nullable(),
  createdAt: z.iso.datetime(),
});
export type SampleInfo = z.infer<typeof sampleSchema>;

export const correctionInfoSchema = z.object({
  id: idSchema,
  imageId: idSchema,
  kind: z.enum(correctionKinds),
  sampleKind: z.enum(sampleKinds),
  defectType: z.string().nullable(),
  note: z.string().nullable(),
  author: z.string().nullable(),
  createdAt: z.iso.datetime(),
  thresholdBefore: fraction.nullable(),
  thresholdAfter: fraction.nullable(),
  undoneAt: z.iso.datetime().nullable(),
  undoneBy: z.string().nullable(),
});
export type CorrectionInfo = z.infer<typeof correctionInfoSchema>;

export const partSchema = z.object({
  id: idSchema,
  name: z.string(),
  number: z.string().nullable(),
  revision: z.string().nullable(),
  material: z.string().nullable(),
  shared: z.boolean(),
  /** Whether the one who asks made it, and may delete it. */
  own: z.boolean(),
  golden: z.int(),
  defects: z.int(),
  /** A good sample to show; null without any. */
  imageId: idSchema.nullable(),
  /** `ready`: images can be compared; `building`: its samples are being read; `empty`: it has no good sample. */
  bank: z.enum(['ready', 'building', 'empty']),
  /** From which score an image is anomalous, and whether a person set that. */
  threshold: fraction.nullable(),
  thresholdSet: z.boolean(),
  version: z.int(),
  updatedAt: z.iso.datetime(),
});
export type PartInfo = z.infer<typeof partSchema>;

export const partDetailSchema = partSchema.extend({
  notes: z.string(),
  pxPerMm: z.number().nullable(),
  area: partAreaSchema.nullable(),
  samples: z.array(sampleSchema),
  corrections: z.array(correctionInfoSchema),
  outlook: z.object({
    current: outlookSchema,
    suggested: outlookSchema,
    /** What is expected at thresholds from low to high. */
    curve: z.array(outlookSchema),
  }),
});
export type PartDetail = z.infer<typeof partDetailSchema>;

export const partListSchema = z.object({ parts: z.array(partSchema) });
