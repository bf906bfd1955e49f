import { z } from 'zod';
import { findingsPartSchema, maskPartSchema, rleSchema } from '@/lib/contract';
import {
  annotationStateSchema,
  draftLineSchema,
  labelSchema,
  pendingDraftSchema,
  segmentResponseSchema,
  textAnnotationSchema,
  verdictSchema,
  type AgreementResponse,
  type Assign,
  type AssignmentsResponse,
  type QueueFilter,
  type QueueResponse,
  type ReviewItem,
  type SegmentRequest,
  type SubmitReview,
} from '@/lib/datasets/contract';
import { apiErrorOf, parse } from '../client/answers';
import { judgementSchema } from '@/lib/contract/judgement';
import { reach, readLines, UNKNOWN_FORM_MESSAGE, withBody } from '../client/api';
import { ApiError } from '../client/api-error';

const person = z.object({ id: z.string(), name: z.string() });
const picture = z.object({ id: z.string(), name: z.string(), width: z.int(), height: z.int() });

const reviewEntry = z.object({
  id: z.string(),
  reviewer: person.nullable(),
  verdict: z.union([verdictSchema, z.literal('undone')]),
  label: labelSchema.nullable(),
  defectType: z.string().nullable(),
  maskId: z.string().nullable(),
  text: textAnnotationSchema,
  comment: z.string().nullable(),
  revision: z.int(),
  supersedesId: z.string().nullable(),
  createdAt: z.string(),
});

const opinions = z.object({
  by: z.array(
    z.object({
      reviewer: person.nullable(),
      verdict: verdictSchema.nullable(),
      label: labelSchema,
      defectType: z.string().nullable(),
      mask: rleSchema.nullable(),
    }),
  ),
  overlaps: z.array(z.object({ between: z.tuple([z.int(), z.int()]), iou: z.number().nullable() })),
});

const reviewItemSchema: z.ZodType<ReviewItem> = z.object({
  id: z.string(),
  datasetId: z.string(),
  path: z.string(),
  category: z.string().nullable(),
  split: z.string().nullable(),
  image: picture,
  annotation: annotationStateSchema,
  mask: rleSchema.nullable(),
  revision: z.int(),
  blind: z.boolean(),
  disputed: z.boolean(),
  opinions: opinions.nullable(),
  score: z.number().nullable(),
  judgement: judgementSchema.nullable(),
  reviews: z.array(reviewEntry),
  comments: z.array(z.object({ id: z.string(), author: person.nullable(), text: z.string(), createdAt: z.string() })),
  assignments: z.array(z.object({ reviewer: person, adjudicates: z.boolean(), done: z.boolean() })),
  references: z.array(picture),
  inspectionId: z.string().nullable(),
  draft: pendingDraftSchema.nullable(),
});

const queueSchema: z.ZodType<QueueResponse> = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      imageId: z.string(),
      path: z.string(),
      label: labelSchema,
      defectType: z.string().nullable(),
      verdict: verdictSchema.nullable(),
      score: z.number().nullable(),
      disagreement: z.number().nullable(),
      judgement: judgementSchema.nullable(),
      width: z.int(),
      height: z.int(),
    }),
  ),
  cursor: z.string().nullable(),
  total: z.int().nullable(),
  progress: z.object({ items: z.int(), reviewed: z.int() }).nullable(),
});

const assignmentsSchema: z.ZodType<AssignmentsResponse> = z.object({
  people: z.array(person.extend({ assigned: z.int(), done: z.int() })),
  mayAssign: z.boolean(),
});

const agreementSchema: z.ZodType<AgreementResponse> = z.object({
  pairs: z.array(
    z.object({
      reviewers: z.tuple([person, person]),
      items: z.int(),
      verdictKappa: z.number().nullable(),
      labelKappa: z.number().nullable(),
      verdictAgreement: z.number().nullable(),
      maskIou: z.number().nullable(),
      masks: z.int(),
    }),
  ),
  disputed: z.int(),
  waiting: z.int(),
});

const inspectionSchema = z.object({
  inspection: z.object({ heatmapUrl: z.string(), score: z.number(), ...judgementSchema.shape }),
  findings: findingsPartSchema,
  masks: z.array(maskPartSchema),
});
export type ModelView = z.infer<typeof inspectionSchema>;

/**
 * A review that was refused because somebody else came first. Nothing was stored; `current` is what the item says now.
 */
export class ConflictError extends ApiError {
  constructor(
    message: string,
    readonly current: ReviewItem,
  ) {
    super(message, 'conflict', 409);
    this.name = 'ConflictError';
  }
}

const conflictSchema = z.object({ error: z.object({ message: z.string() }), current: reviewItemSchema });

/** As `request`, but a conflict brings what the item says now. */
async function send(url: string, init?: RequestInit): Promise<Response> {
  const response = await reach(url, init);
  if (response.ok) {
    return response;
  }
  const body = await response.text();
  const conflict = response.status === 409 ? conflictSchema.safeParse(parse(body)) : null;
  if (conflict?.success) {
    throw new ConflictError(conflict.data.error.message, conflict.data.current);
  }
  throw apiErrorOf(response.status, body);
}

async function json<T>(schema: z.ZodType<T>, url: string, init?: RequestInit): Promise<T> {
  const response = await send(url, init);
  const parsed = schema.safeParse(await response.json());
  if (!parsed.success) {
    throw new ApiError(UNKNOWN_FORM_MESSAGE, 'unexpected', response.status);
  }
  return parsed.data;
}

const post = (body: unknown, signal?: AbortSignal): RequestInit => ({
  ...withBody('POST', body),
  ...(signal ? { signal } : {}),
});

const setUrl = (datasetId: string) => `/api/datasets/${encodeURIComponent(datasetId)}`;
const itemUrl = (datasetId: string, itemId: string) => `${setUrl(datasetId)}/items/${encodeURIComponent(itemId)}`;

/**
 * Every call of the review view. All reject with `ApiError`; `submit` and `undo` with `ConflictError` when somebody
 * came first.
 */
export const reviewApi = {
  sets: () =>
    json(
      z.object({
        datasets: z.array(z.object({ id: z.string(), name: z.string(), items: z.int(), reviewed: z.int() })),
      }),
      '/api/datasets/reviewable',
    ),
  queue: (datasetId: string, filter: QueueFilter, order: string, cursor: string | null) => {
    const query = new URLSearchParams({ filter, order, limit: '200', ...(cursor === null ? {} : { cursor }) });
    return json(queueSchema, `${setUrl(datasetId)}/queue?${query}`);
  },
  item: (datasetId: string, itemId: string) => json(reviewItemSchema, `${itemUrl(datasetId, itemId)}/reviews`),
  submit: (datasetId: string, itemId: string, review: SubmitReview) =>
    json(reviewItemSchema, `${itemUrl(datasetId, itemId)}/reviews`, post(review)),
  undo: (datasetId: string, itemId: string, revision: number) =>
    json(reviewItemSchema, `${itemUrl(datasetId, itemId)}/reviews?revision=${revision}`, { method: 'DELETE' }),
  comment: (datasetId: string, itemId: string, text: string) =>
    json(reviewItemSchema, `${itemUrl(datasetId, itemId)}/comments`, post({ text })),
  assignments: (datasetId: string) => json(assignmentsSchema, `${setUrl(datasetId)}/assignments`),
  assign: (datasetId: string, wanted: Assign) =>
    json(z.object({ added: z.int() }), `${setUrl(datasetId)}/assignments`, post(wanted)),
  agreement: (datasetId: string) => json(agreementSchema, `${setUrl(datasetId)}/agreement`),
  inspect: (imageId: string, signal: AbortSignal) => json(inspectionSchema, '/api/inspect', post({ imageId }, signal)),
  segment: (imageId: string, request: SegmentRequest) =>
    json(segmentResponseSchema, `/api/images/${encodeURIComponent(imageId)}/segment`, post(request)),
  /** Has the model draft text; `onField` is called with each field as it is written. */
  draft: async (
    datasetId: string,
    itemId: string,
    fields: readonly ('description' | 'impact' | 'suggestion')[],
    {
      signal,
      onField,
    }: { signal: AbortSignal; onField: (field: 'description' | 'impact' | 'suggestion', text: string) => void },
  ): Promise<void> => {
    const response = await send(`${itemUrl(datasetId, itemId)}/draft`, post({ fields }, signal));
    for await (const line of readLines(response, signal)) {
      const parsed = draftLineSchema.parse(JSON.parse(line));
      if ('error' in parsed) {
        throw new ApiError(parsed.error, 'unexpected', 200);
      }
      onField(parsed.field, parsed.text);
    }
  },
};
