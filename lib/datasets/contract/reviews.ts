import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import type { Judgement } from '@/lib/contract/verdict';
import { type rleSchema } from '@/lib/contract/parts';
import {
  annotationLimits,
  labelSchema,
  textAnnotationSchema,
  verdictSchema,
  type TextAnnotation,
  type Verdict,
} from './annotations';
import type { PendingDraft } from './drafts';

export const reviewLimits = {
  /** Bytes of a review with a mask. */
  bodyBytes: 8 * 2 ** 20,
  /** Characters of a mask's compressed run lengths. */
  maskLength: 7 * 2 ** 20,
  /** Items of one assignment request. */
  assigned: 20_000,
  /** Normal images that are offered beside an item. */
  references: 8,
} as const;

const typeName = z.string().trim().min(1).max(annotationLimits.typeLength);
const userId = z.string().min(1).max(64);

/** COCO run lengths with compressed counts, as pycocotools writes them; the size is the image's. */
export const compressedMaskSchema = z.object({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.string().max(reviewLimits.maskLength),
});
export type CompressedMask = z.infer<typeof compressedMaskSchema>;

/** `POST /api/datasets/:id/items/:itemId/reviews`. What is absent stays as it is; `mask: null` takes the mask away. */
export const submitReviewSchema = z.object({
  /** The revision that the reviewer saw; another one by now is a conflict (409, `ReviewConflict`). */
  revision: z.int().nonnegative(),
  verdict: verdictSchema,
  label: labelSchema.optional(),
  defectType: typeName.nullable().optional(),
  mask: compressedMaskSchema.nullable().optional(),
  text: textAnnotationSchema.partial().optional(),
  comment: z.string().trim().min(1).max(annotationLimits.textLength).optional(),
});
export type SubmitReview = z.infer<typeof submitReviewSchema>;

/**
 * `DELETE /api/datasets/:id/items/:itemId/reviews?revision=`: takes the reviewer's own last review back, as a new row.
 */
export const undoReviewSchema = z.object({ revision: z.coerce.number().int().nonnegative() });

/** `POST /api/datasets/:id/items/:itemId/comments` */
export const commentSchema = z.object({ text: z.string().trim().min(1).max(annotationLimits.textLength) });

/** `POST /api/datasets/:id/assignments`: items by id, or all that nobody decided yet, dealt out in turn. */
export const assignSchema = z.object({
  reviewerIds: z.array(userId).min(1).max(50),
  /** 2: blind double review, two different reviewers on each item. */
  perItem: z.union([z.literal(1), z.literal(2)]).default(1),
  /** Who decides where two reviewers disagree. */
  adjudicatorId: userId.optional(),
  items: z.union([z.literal('unreviewed'), z.array(idSchema).min(1).max(reviewLimits.assigned)]),
});
export type Assign = z.infer<typeof assignSchema>;

export type Person = { id: string; name: string };

/** What is said about an item: the part that reviews change. */
export const annotationStateSchema = textAnnotationSchema.extend({
  verdict: verdictSchema.nullable(),
  label: labelSchema,
  defectType: z.string().nullable(),
  maskId: z.string().nullable(),
});
export type AnnotationState = z.infer<typeof annotationStateSchema>;

export type ReviewEntry = {
  id: string;
  reviewer: Person | null;
  verdict: Verdict | 'undone';
  label: AnnotationState['label'] | null;
  defectType: string | null;
  maskId: string | null;
  text: TextAnnotation;
  comment: string | null;
  /** The item's revision that this review made; 0 as long as a blind double review is not closed. */
  revision: number;
  supersedesId: string | null;
  createdAt: string;
};

export type CommentEntry = { id: string; author: Person | null; text: string; createdAt: string };

export type AssignmentEntry = { reviewer: Person; adjudicates: boolean; done: boolean };

/** What one reviewer of a closed double review said; `mask` in the image's size, null where nothing is marked. */
export type Opinion = Pick<AnnotationState, 'verdict' | 'label' | 'defectType'> & {
  reviewer: Person | null;
  mask: z.infer<typeof rleSchema> | null;
};

/**
 * The reviewers' decisions side by side, and how much each two masks overlap (0..1, null where neither marks anything).
 */
export type Opinions = { by: Opinion[]; overlaps: { between: [first: number, second: number]; iou: number | null }[] };

/**
 * Masks that overlap at least this much count as the same. Two careful outlines of one thin crack rarely reach more.
 */
export const SAME_MASK_IOU = 0.7;

/** An item as one reviewer may see it: `GET /api/datasets/:id/items/:itemId/reviews`. */
export type ReviewItem = {
  id: string;
  datasetId: string;
  path: string;
  category: string | null;
  split: string | null;
  image: { id: string; name: string; width: number; height: number };
  annotation: AnnotationState;
  mask: z.infer<typeof rleSchema> | null;
  revision: number;
  /** Others review this item blindly at the same time: their decisions come when all are in. */
  blind: boolean;
  /** The reviewers of a double review disagree and nobody has decided yet. */
  disputed: boolean;
  /** For the adjudicator of a closed double review; null for everybody else, and until all are in. */
  opinions: Opinions | null;
  score: number | null;
  /** What the model says. */
  judgement: Judgement | null;
  /** Oldest first. */
  reviews: ReviewEntry[];
  comments: CommentEntry[];
  assignments: AssignmentEntry[];
  /** Normal images of the set to compare with, the same category first. */
  references: { id: string; name: string; width: number; height: number }[];
  /** The latest stored inspection by the model. */
  inspectionId: string | null;
  /** What an engine wrote for it in the background; null: nothing, or it was reviewed. */
  draft: PendingDraft | null;
};

/** Body of a 409: nothing was stored. `current` is what others made of the item, `yours` what was sent. */
export type ReviewConflict = {
  error: { code: 'conflict'; message: string };
  current: ReviewItem;
  yours: Omit<SubmitReview, 'mask'> | null;
};

export const queueFilters = ['all', 'unreviewed', 'mine', 'second_opinion', 'disputed', 'skipped', 'drafted'] as const;
export const queueFilterSchema = z.enum(queueFilters);
export type QueueFilter = z.infer<typeof queueFilterSchema>;

/** `GET /api/datasets/:id/queue`. `order` as in the list of items; `path` where nothing was scored. */
export const queueQuerySchema = z.object({
  filter: queueFilterSchema.default('unreviewed'),
  order: z.enum(['path', 'score', 'disagreement', 'uncertainty']).default('path'),
  cursor: z.string().max(800).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type QueueQuery = z.infer<typeof queueQuerySchema>;

export type QueueRow = {
  id: string;
  imageId: string;
  path: string;
  label: AnnotationState['label'];
  defectType: string | null;
  /** The decision that counts, or the reviewer's own while a double review is open. */
  verdict: Verdict | null;
  score: number | null;
  disagreement: number | null;
  judgement: Judgement | null;
  width: number;
  height: number;
};

/** `GET /api/datasets/reviewable`: sets in which the person may review something, and how far that is. */
export type ReviewableSet = { id: string; name: string; items: number; reviewed: number };

export type QueueResponse = {
  rows: QueueRow[];
  cursor: string | null;
  /** Items that match the filter, and the set's progress; on the first page only. */
  total: number | null;
  progress: { items: number; reviewed: number } | null;
};

/** Two reviewers on the items that both have reviewed (only closed double reviews count). */
export type PairAgreement = {
  reviewers: [Person, Person];
  items: number;
  /** Cohen's kappa of the verdicts and of the labels; null when it is undefined (one class, or no items). */
  verdictKappa: number | null;
  labelKappa: number | null;
  /** Share of items with the same verdict. */
  verdictAgreement: number | null;
  /** Mean intersection over union where at least one of the two has a mask. */
  maskIou: number | null;
  masks: number;
};
/** `GET /api/datasets/:id/agreement` */
export type AgreementResponse = { pairs: PairAgreement[]; disputed: number; waiting: number };

/** `GET /api/datasets/:id/assignments` */
export type AssignmentsResponse = {
  people: (Person & { assigned: number; done: number })[];
  /** Whether the asker may assign. */
  mayAssign: boolean;
};

/** `POST /api/images/:id/segment`: the region that clicks point at, in px of the image. */
export const segmentRequestSchema = z.object({
  clicks: z
    .array(z.object({ x: z.number().nonnegative(), y: z.number().nonnegative(), positive: z.boolean() }))
    .min(1)
    .max(32)
    .refine((clicks) => clicks.some(({ positive }) => positive), 'needs a click on what belongs to the region'),
});
export type SegmentRequest = z.infer<typeof segmentRequestSchema>;
export const segmentResponseSchema = z.object({ mask: compressedMaskSchema, ms: z.number() });
export type SegmentResponse = z.infer<typeof segmentResponseSchema>;
