import { z } from 'zod';
import { errorBodySchema } from './errors';
import { idSchema } from './ids';
import { limits } from './limits';
import { storedMessageSchema } from './messages';
import { noticePartSchema } from './judgement';
import { findingsPartSchema, inspectionPartSchema, inspectionSchema, maskPartSchema, statusPartSchema } from './parts';

/** Values of a file with more than 8 bits a sample: `low` is shown black, `high` white. */
export const valueWindowSchema = z
  .object({ low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, { path: ['high'], message: 'must be above low' });
export type ValueWindow = z.infer<typeof valueWindowSchema>;

/** `POST /api/images` (raw body or multipart `file`; the name in `?name=` for a raw body), `GET /api/images/:id`. */
export const imageSchema = z.object({
  id: idSchema,
  sha256: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** As the bytes say, never as the client says. */
  mime: z.string(),
  bytes: z.int().positive(),
  name: z.string(),
  /** Pages of a TIFF stack, of which this image is the first. */
  pages: z.int().positive(),
  /** The values that are shown black and white, as somebody chose them; null: they are found. */
  window: valueWindowSchema.nullable(),
  createdAt: z.iso.datetime(),
});
export type ImageInfo = z.infer<typeof imageSchema>;

/** `GET /api/images?q=&cursor=&limit=`: the newest first; with `q` those whose name has all its words. */
export const imageListQuerySchema = z.object({
  q: z.string().max(limits.queryLength).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSize).default(50),
});
/** What a list shows of an inspection. */
export const listedInspectionSchema = inspectionSchema.pick({
  score: true,
  bucket: true,
  verdict: true,
  probability: true,
  foreignness: true,
  basis: true,
});

export const imageListSchema = z.object({
  /** `inspection`: what the newest inspection said, if there is one. */
  images: z.array(imageSchema.extend({ inspection: listedInspectionSchema.nullable() })),
  nextCursor: z.string().nullable(),
});
export type ImageList = z.infer<typeof imageListSchema>;
export type ListedImage = ImageList['images'][number];

/**
 * `GET /api/images/:id/content?w=&format=&low=&high=`: `w` is rounded up to one of `variantWidths`; without it the full
 * size.
 */
export const contentQuerySchema = z.object({
  w: z.coerce.number().int().min(1).max(20_000).optional(),
  format: z.enum(['webp', 'png', 'jpeg']).optional(),
  /** Shows these values black and white, for once. */
  low: z.coerce.number().optional(),
  high: z.coerce.number().optional(),
});

/** `PATCH /api/images/:id` -> `imageSchema`: how the owner's image is read from now on, everywhere. */
export const imagePatchSchema = z.object({ window: valueWindowSchema.nullable() });
export type ImagePatch = z.infer<typeof imagePatchSchema>;

/** `POST /api/images/:id/pages` -> `imageSchema` of the page, from 1, as an image of its own. */
export const imagePageSchema = z.object({ page: z.int().positive() });

/** `GET /api/images/:id/values` */
export const imageValuesSchema = z.object({
  pages: z.int().positive(),
  /** null: a file with 8 bits a sample, whose values are shown as they are. */
  values: z
    .object({
      /** By which the values are read unless somebody chooses. */
      found: z.object({ low: z.number(), high: z.number() }),
      /** In words; null: as the format says. */
      note: z.string().nullable(),
      min: z.number(),
      max: z.number(),
      isWhole: z.boolean(),
      /** How many values lie in each of equal parts of `min` to `max`. */
      histogram: z.array(z.int().nonnegative()),
    })
    .nullable(),
  window: valueWindowSchema.nullable(),
});
export type ImageValues = z.infer<typeof imageValuesSchema>;

/**
 * Which part to compare with where there are no references: the one that the image looks like (`auto`), `none`, or one
 * by its id.
 */
export const partWishSchema = z.union([z.enum(['auto', 'none']), idSchema]);

/** `POST /api/inspect`; without `part` no part is looked for. */
export const inspectRequestSchema = z.object({
  imageId: idSchema,
  referenceIds: z.array(idSchema).max(limits.references).optional(),
  part: partWishSchema.optional(),
});
export const inspectResponseSchema = z.object({
  inspection: inspectionPartSchema,
  findings: findingsPartSchema,
  masks: z.array(maskPartSchema),
  /** What the product says of an unsure verdict; null: nothing. */
  notice: noticePartSchema.nullable(),
});
/** A line of the answer with `Accept: application/x-ndjson`: progress, then the result or an error. */
export const inspectLineSchema = z.union([
  z.object({ status: statusPartSchema }),
  z.object({ result: inspectResponseSchema }),
  errorBodySchema,
]);
export type InspectLine = z.infer<typeof inspectLineSchema>;
export type InspectRequest = z.infer<typeof inspectRequestSchema>;
export type InspectResponse = z.infer<typeof inspectResponseSchema>;

/** Sampling of one answer; what is absent comes from the bundle's manifest. */
export const chatSettingsSchema = z.object({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().gt(0).max(1).optional(),
  repetitionPenalty: z.number().min(1).max(2).optional(),
  maxTokens: z.int().min(1).max(1024).optional(),
  seed: z.int().nonnegative().optional(),
  /** Which part the images are compared with; absent: the one that they look like. */
  part: partWishSchema.optional(),
});
export type ChatSettings = z.infer<typeof chatSettingsSchema>;

/** A user message on its way in: text, and images by id (name and size are the server's to say). */
export const inputPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().max(limits.textLength) }),
  z.object({
    type: z.literal('data-image'),
    data: z.object({ imageId: idSchema, role: z.enum(['subject', 'reference']).default('subject') }),
  }),
]);
export const inputMessageSchema = z.object({
  id: idSchema,
  role: z.literal('user'),
  parts: z
    .array(inputPartSchema)
    .min(1)
    .max(limits.imagesPerMessage + 1),
});
export type InputMessage = z.input<typeof inputMessageSchema>;

const chatCommon = {
  /** An unknown id creates the conversation. */
  conversationId: idSchema,
  /** The client may choose the answer's id; a retry with the same ids gets the same answer's stream. */
  answerId: idSchema.optional(),
  settings: chatSettingsSchema.optional(),
  /**
   * Who writes this answer and, until it is changed, those that follow; absent: the conversation's engine, null: the
   * embedded one.
   */
  engine: z.string().max(60).nullable().optional(),
  /** `engine` writes this answer only. */
  engineOnce: z.boolean().optional(),
  /** The person allows `engine` to be sent what this conversation holds. */
  allowEngine: z.boolean().optional(),
};

/**
 * `POST /api/chat` -> UI-message stream.
 * - `submit`: `message` follows `parentId` (null: it starts the conversation). An edit is a submit with the edited
 *   message's own parent and a new id.
 * - `regenerate`: another answer to the user message `parentId`.
 */
export const chatRequestSchema = z.discriminatedUnion('trigger', [
  z.object({
    ...chatCommon,
    trigger: z.literal('submit'),
    parentId: idSchema.nullable().default(null),
    message: inputMessageSchema,
  }),
  z.object({ ...chatCommon, trigger: z.literal('regenerate'), parentId: idSchema }),
]);
export type ChatRequest = z.input<typeof chatRequestSchema>;

/**
 * `GET /api/chat/:conversationId/stream?answer=`: with `answer`, an answer that has ended meanwhile is replayed too;
 * else 204.
 */
export const resumeQuerySchema = z.object({ answer: idSchema.optional() });

/** `POST /api/chat/:conversationId/stop` */
export const stopResponseSchema = z.object({ stopped: z.boolean(), messageId: idSchema.nullable() });
export type StopResponse = z.infer<typeof stopResponseSchema>;

export const conversationSummarySchema = z.object({
  id: idSchema,
  title: z.string(),
  pinned: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** First image of the conversation, for a thumbnail. */
  imageId: idSchema.nullable(),
  /** With `?q=`: text around the hit. */
  snippet: z.string().optional(),
  running: z.boolean(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

/** `GET /api/conversations?q=&cursor=&limit=`: pinned first, then the newest. */
export const conversationListQuerySchema = z.object({
  q: z.string().max(limits.queryLength).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSize).default(50),
});
export const conversationListSchema = z.object({
  conversations: z.array(conversationSummarySchema),
  nextCursor: z.string().nullable(),
});
export type ConversationList = z.infer<typeof conversationListSchema>;

/** `POST /api/conversations` -> 201 conversation */
export const conversationCreateSchema = z.object({
  id: idSchema.optional(),
  title: z.string().trim().min(1).max(limits.titleLength).optional(),
});
/** `PATCH /api/conversations/:id`; `leafId` remembers the branch that is shown. */
export const conversationPatchSchema = z
  .object({
    title: z.string().trim().min(1).max(limits.titleLength),
    pinned: z.boolean(),
    leafId: idSchema,
    /** Who writes its answers; null: the embedded engine. */
    engine: z.string().max(60).nullable(),
  })
  .partial();
export type ConversationPatch = z.infer<typeof conversationPatchSchema>;

/**
 * `GET /api/conversations/:id`: the whole tree, parents before children. A running answer is not among `messages`: it
 * comes, from its start, by `GET /api/chat/:id/stream?answer=`.
 */
export const conversationSchema = z.object({
  id: idSchema,
  title: z.string(),
  pinned: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  leafId: idSchema.nullable(),
  /** Who writes its answers; null: the embedded engine. */
  engine: z.string().nullable(),
  /** Engines elsewhere that may be sent what it holds. */
  allowedEngines: z.array(z.string()),
  messages: z.array(storedMessageSchema),
  running: z.object({ messageId: idSchema, parentId: idSchema }).nullable(),
});
export type Conversation = z.infer<typeof conversationSchema>;

/** `DELETE /api/conversations/:id` -> until when `POST /api/conversations/:id/restore` undoes it. */
export const conversationDeletedSchema = z.object({ id: idSchema, undoUntil: z.iso.datetime() });

export const exportQuerySchema = z.object({
  format: z.enum(['md', 'json', 'pdf']),
  /** Last message of the branch; absent: the branch that is shown. */
  leaf: idSchema.optional(),
  /** Markdown only: `0` leaves the pictures out, for pasting. */
  pictures: z.enum(['0', '1']).default('1'),
});

export const maskQuerySchema = z.object({ format: z.enum(['png', 'coco']).default('png') });

export const checklistRequestSchema = z.object({
  messageId: idSchema,
  itemId: z.string().min(1).max(100),
  done: z.boolean(),
});
export type ChecklistRequest = z.infer<typeof checklistRequestSchema>;

/** `GET /api/status` */
export const statusResponseSchema = z.object({
  version: z.string(),
  bundle: z.object({ id: z.string(), version: z.string() }).nullable(),
  engine: z.enum(['absent', 'loading', 'ready', 'failed']),
  /** Why the engine is absent or failed. */
  reason: z.string().nullable(),
  /** Jobs waiting, and running (0 or 1). */
  queue: z.object({ waiting: z.int(), running: z.int() }),
  device: z.string(),
  threads: z.int(),
  memoryBytes: z.int(),
  versions: z.object({ node: z.string(), onnxruntime: z.string() }),
});
export type StatusResponse = z.infer<typeof statusResponseSchema>;
