import { z } from 'zod';
import { datasetPartSchema } from './dataset-part';
import { idSchema } from './ids';
import { sheetPartSchema } from './sheet-part';
import { judgementSchema, noticePartSchema, withJudgement } from './judgement';

const fraction = z.number().min(0).max(1);
/** [x, y, width, height] in pixels of the original image, after EXIF rotation. */
export const bboxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
/** COCO run lengths, uncompressed, column-major, starting with the zeros; size is [height, width]. */
export const rleSchema = z.object({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.array(z.int().nonnegative()),
});
export type Rle = z.infer<typeof rleSchema>;

export const bucketSchema = z.enum(['slightly', 'moderately', 'highly']);
export type Bucket = z.infer<typeof bucketSchema>;

export const regionSchema = z.object({
  id: z.string(),
  bbox: bboxSchema,
  areaPx: z.number().nonnegative(),
  areaFraction: fraction,
  score: fraction,
  /** One of the nine cells of docs/design/model.md ("upper left" ... "lower right"). */
  place: z.string(),
});
export type Region = z.infer<typeof regionSchema>;

/** `data-image`: an image of a user message. `reference` marks a normal image to compare with. */
export const imagePartSchema = z.object({
  imageId: idSchema,
  role: z.enum(['subject', 'reference']),
  name: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type ImagePart = z.infer<typeof imagePartSchema>;

/** The taught part that an image was compared with. */
export const comparedPartSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Good samples that it was compared with. */
  samples: z.int().positive(),
  how: z.enum(['chosen', 'recognised']),
  /** Cosine of the global descriptors; null where it was chosen. */
  likeness: z.number().nullable(),
  /** The score from which it counts as anomalous; null: the model's own calibration decided. */
  threshold: fraction.nullable(),
});
export type ComparedPart = z.infer<typeof comparedPartSchema>;

/** What `data-inspection` holds. */
export const inspectionSchema = z.object({
  imageId: idSchema,
  inspectionId: idSchema,
  /** Calibrated image score, 0..1. */
  score: fraction,
  bucket: bucketSchema,
  heatmapUrl: z.string(),
  tiles: z.object({ columns: z.int().nonnegative(), rows: z.int().nonnegative(), significance: z.array(z.number()) }),
  regions: z.array(regionSchema),
  referenceIds: z.array(idSchema),
  /** Bundle id and version, e.g. `looktwice-mini@0.1.0`. */
  bundle: z.string(),
  ms: z.number().nonnegative(),
  /** How the file was read, where that is not plain: which range of its values is shown, which of its pages. */
  notes: z.array(z.string()).optional(),
  /** The part that it was compared with (basis `part`). */
  part: comparedPartSchema.optional(),
  /** Parts that it may be of, the likeliest first, where that is unsure. */
  partCandidates: z.array(z.object({ id: idSchema, name: z.string(), likeness: z.number() })).optional(),
  ...judgementSchema.shape,
});
/**
 * `data-inspection`: score, verdict, anomaly map and regions of one image. One stored before there were verdicts is
 * read with a plain one.
 */
export const inspectionPartSchema = z.preprocess(withJudgement, inspectionSchema);
export type InspectionPart = z.infer<typeof inspectionPartSchema>;

/** `data-mask`: the mask the answer points at with `<seg>`, or one drawn by a person. */
export const maskPartSchema = z.object({
  imageId: idSchema,
  maskId: idSchema,
  rle: rleSchema,
  bbox: bboxSchema,
  areaFraction: fraction,
  label: z.string(),
  score: fraction,
  source: z.enum(['model', 'human']),
});
export type MaskPart = z.infer<typeof maskPartSchema>;

export const findingSchema = z.object({
  regionId: z.string(),
  type: z.string(),
  place: z.string(),
  extentPercent: z.number().nonnegative(),
  areaPx: z.number().nonnegative(),
  bbox: bboxSchema,
  severity: z.enum(['minor', 'moderate', 'severe']),
  score: fraction,
});
export type Finding = z.infer<typeof findingSchema>;

/** `data-findings`: one row per region of the mask. */
export const findingsPartSchema = z.object({ imageId: idSchema, items: z.array(findingSchema) });
export type FindingsPart = z.infer<typeof findingsPartSchema>;

export const followupSchema = z.object({ label: z.string(), prompt: z.string(), topic: z.string() });
export type Followup = z.infer<typeof followupSchema>;
/** `data-followups`: questions that what was found suggests. */
export const followupsPartSchema = z.array(followupSchema);

export const sourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('playbook'), id: z.string(), title: z.string(), text: z.string() }),
  z.object({ kind: z.literal('image'), id: idSchema, title: z.string() }),
]);
export type Source = z.infer<typeof sourceSchema>;
/** `data-sources`: playbook entries and normal images that the answer used. */
export const sourcesPartSchema = z.array(sourceSchema);

/** `data-checklist`: impact or actions as items that can be ticked (`POST /api/checklist`). */
export const checklistPartSchema = z.object({
  topic: z.enum(['impact', 'actions']),
  title: z.string(),
  items: z.array(z.object({ id: z.string(), text: z.string(), group: z.string(), done: z.boolean() })),
});
export type ChecklistPart = z.infer<typeof checklistPartSchema>;

/**
 * `data-status`: transient progress, never stored. `done`/`total` count tiles while looking, tokens while reading
 * (prefill), and images while a set is looked at (`images`) and compared (`comparing`).
 */
export const statusPartSchema = z.object({
  stage: z.enum(['queued', 'images', 'comparing', 'decoding', 'looking', 'prefill', 'writing']),
  position: z.int().nonnegative().optional(),
  done: z.int().nonnegative().optional(),
  total: z.int().nonnegative().optional(),
});
export type StatusPart = z.infer<typeof statusPartSchema>;

/**
 * `data-glance`: transient, never stored: the anomaly map of the whole image while its tiles are still being looked at,
 * an 8-bit grey PNG of up to 112 px as a data URL.
 */
export const glancePartSchema = z.object({
  imageId: idSchema,
  heatmap: z.string().startsWith('data:image/png;base64,'),
});
export type GlancePart = z.infer<typeof glancePartSchema>;

/**
 * `data-engine`: an engine elsewhere that was asked for this answer, and where its texts and pictures went. `fallback`:
 * it failed, and who wrote (the rest of) the answer instead. An answer of the embedded engine has none.
 */
export const enginePartSchema = z.object({
  name: z.string(),
  label: z.string(),
  model: z.string(),
  host: z.string(),
  fallback: z.object({ to: z.string(), reason: z.string() }).nullable(),
});
export type EnginePart = z.infer<typeof enginePartSchema>;

/** `data-timings`: measured times of the turn; a stage that did not run is absent. */
export const timingsPartSchema = z.object({
  queuedMs: z.number().optional(),
  decodeMs: z.number().optional(),
  encodeMs: z.number().optional(),
  expertMs: z.number().optional(),
  prefillMs: z.number().optional(),
  firstTokenMs: z.number().optional(),
  /** From the question to the end of the answer. Answers of earlier versions do not say. */
  totalMs: z.number().optional(),
  tokens: z.int(),
  tokensPerSecond: z.number().optional(),
  promptTokens: z.int().optional(),
  cachedTokens: z.int().optional(),
});
export type TimingsPart = z.infer<typeof timingsPartSchema>;

/** Data parts by name without the `data-` prefix: the shape that `useChat({ dataPartSchemas })` takes. */
export const dataPartSchemas = {
  image: imagePartSchema,
  inspection: inspectionPartSchema,
  notice: noticePartSchema,
  mask: maskPartSchema,
  findings: findingsPartSchema,
  dataset: datasetPartSchema,
  sheet: sheetPartSchema,
  followups: followupsPartSchema,
  sources: sourcesPartSchema,
  checklist: checklistPartSchema,
  engine: enginePartSchema,
  status: statusPartSchema,
  glance: glancePartSchema,
  timings: timingsPartSchema,
};

/** Progress: sent while an answer is written, and never stored. All other data parts are. */
export const transientParts = ['status', 'glance'] as const satisfies readonly (keyof typeof dataPartSchemas)[];
export type TransientPartName = (typeof transientParts)[number];

export type ChatDataParts = { [Name in keyof typeof dataPartSchemas]: z.infer<(typeof dataPartSchemas)[Name]> };
