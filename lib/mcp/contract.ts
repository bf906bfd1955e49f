import { z } from 'zod';
import { bboxSchema, bucketSchema, findingSchema, judgementSchema, modelVerdictSchema } from '@/lib/contract';

/** What the tools take and give (docs/api-clients.md). Names are those that agents see. */

/** Bytes of one request over HTTP, pictures included. */
export const REQUEST_BYTES = 48 * 2 ** 20;
export const MAX_NORMALS = 8;

const data = z
  .string()
  .describe('The picture itself: base64 (PNG, JPEG, WebP, TIFF, AVIF or GIF), with or without data:image/...;base64,')
  .optional();
const imageId = z
  .string()
  .describe('Id of a picture that is stored in LookTwice, as search_images tells it')
  .optional();
const path = z.string().describe('Path of a picture on this machine').optional();

/** Pictures over HTTP; a path would be the server's, so there is none. */
export const remoteImageSchema = z.object({ data, image_id: imageId });
/** Pictures over standard input and output: the user's own machine. */
export const localImageSchema = z.object({ path, data, image_id: imageId });
export type GivenImage = z.infer<typeof localImageSchema>;

const fraction = z.number().min(0).max(1);

export const findingOutSchema = z.object({
  type: z.string(),
  place: z.string(),
  severity: findingSchema.shape.severity,
  extent_percent: z.number(),
  area_px: z.number(),
  /** [x, y, width, height] in pixels. */
  bbox: bboxSchema,
  score: fraction,
});
export type FindingOut = z.infer<typeof findingOutSchema>;

export const inspectionOutSchema = z.object({
  image: z.string(),
  width: z.int(),
  height: z.int(),
  ...judgementSchema.shape,
  score: fraction.describe('Calibrated suspicion, 0 to 1'),
  bucket: bucketSchema,
  findings: z.array(findingOutSchema),
  notice: z.string().nullable().describe('What to know about this verdict, such as that the picture cannot be judged'),
  mask_uri: z.string().nullable().describe('Resource: a PNG of the size of the picture, 255 where something is marked'),
  report_uri: z.string().describe('Resource: the report as Markdown'),
  model: z.string(),
});
export type InspectionOut = z.infer<typeof inspectionOutSchema>;

export const answerOutSchema = z.object({
  answer: z.string(),
  conversation_id: z.string().describe('Give it with the next question about the same picture'),
  findings: z.array(findingOutSchema),
  mask_uri: z.string().nullable(),
  score: fraction.nullable(),
  model: z.string(),
});

export const listedSchema = z.object({
  image: z.string(),
  image_id: z.string().nullable(),
  score: fraction,
  bucket: bucketSchema,
  verdict: modelVerdictSchema,
  probability: fraction,
  findings: z.array(findingOutSchema.omit({ severity: true, extent_percent: true })),
  report_uri: z.string().nullable(),
});
export type Listed = z.infer<typeof listedSchema>;
export const findingsOutSchema = z.object({ inspections: z.array(listedSchema) });

const foundImageSchema = z.object({
  image_id: z.string(),
  name: z.string(),
  width: z.int(),
  height: z.int(),
  created_at: z.string(),
  score: fraction.nullable(),
  bucket: bucketSchema.nullable(),
});
export const searchOutSchema = z.object({ images: z.array(foundImageSchema), next_cursor: z.string().nullable() });
