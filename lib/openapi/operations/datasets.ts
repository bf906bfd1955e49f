import { z } from 'zod';
import * as contract from '@/lib/datasets/contract';
import { file, json, nothing, operation, type Group } from '../operation';

const set = '/api/datasets/{id}';

export const datasetGroups: Group[] = [
  {
    name: 'Data sets',
    description: 'Import, inspect, calibrate, export.',
    operations: [
      operation('GET /api/datasets', 'read', 'List sets with their counts'),
      operation('POST /api/datasets', 'curate', 'Make a set', {
        body: contract.createDatasetSchema,
        answers: [json(201, 'The set')],
      }),
      operation(`GET ${set}`, 'read', 'A set with its categories, types and latest jobs'),
      operation(`PATCH ${set}`, 'curate', 'Rename a set', { body: contract.changeDatasetSchema }),
      operation(`DELETE ${set}`, 'curate', 'Delete a set', { answers: [nothing(204, 'Gone')] }),
      operation(`POST ${set}/imports`, 'curate', 'Import a folder of the server (administrators) or a sent archive', {
        query: contract.importQuerySchema.partial(),
        body: contract.importFolderSchema,
        media: [{ mime: 'application/zip', description: 'A zip, tar or tar.gz' }],
        answers: [json(202, 'The job', contract.importJobSchema)],
      }),
      operation(`GET ${set}/imports/{jobId}`, 'read', 'How far an import is', { answer: contract.importJobSchema }),
      operation(`PATCH ${set}/imports/{jobId}`, 'curate', 'Pause, resume or cancel', {
        body: contract.jobCommandSchema,
        answer: contract.importJobSchema,
      }),
      operation(`GET ${set}/imports/{jobId}/problems`, 'read', 'What was left out, and why', {
        query: contract.problemsQuerySchema,
        answer: z.object({ problems: z.array(contract.importProblemSchema), next: z.int().nullable() }),
      }),
      operation(`GET ${set}/items`, 'read', 'Items by pages', { query: contract.itemsQuerySchema }),
      operation(`POST ${set}/batches`, 'curate', 'Inspect the whole set in the background', {
        body: contract.startBatchSchema,
        answers: [json(202, 'The job', contract.batchJobSchema)],
      }),
      operation(`GET ${set}/batches/{jobId}`, 'read', 'How far a batch is', { answer: contract.batchJobSchema }),
      operation(`PATCH ${set}/batches/{jobId}`, 'curate', 'Pause, resume or cancel', {
        body: contract.jobCommandSchema,
        answer: contract.batchJobSchema,
      }),
      operation(`POST ${set}/drafts`, 'curate', 'Draft the texts of all items in the background, with any engine', {
        body: contract.startDraftsSchema,
        answers: [json(202, 'The job', contract.draftJobSchema)],
      }),
      operation(`GET ${set}/drafts/{jobId}`, 'read', 'How far the drafts are', { answer: contract.draftJobSchema }),
      operation(`PATCH ${set}/drafts/{jobId}`, 'curate', 'Pause, resume or cancel', {
        body: contract.jobCommandSchema,
        answer: contract.draftJobSchema,
      }),
      operation(`GET ${set}/export`, 'read', 'The set as a zip, the same bytes for the same set', {
        query: contract.exportQuerySchema,
        answers: [file('application/zip', 'The archive')],
      }),
      operation(`GET ${set}/similar`, 'read', 'Items like this one', { query: contract.similarQuerySchema }),
      operation(`POST ${set}/references`, 'curate', 'Accepted normals as a reference set', {
        body: contract.calibrateSchema,
        answers: [json(201, 'The references')],
      }),
      operation(`POST ${set}/calibrate`, 'curate', 'Set the threshold; metrics before and after', {
        body: contract.calibrateSchema,
      }),
    ],
  },
  {
    name: 'Review',
    description: 'Decide about items, alone or in a team (docs/design/review.md).',
    operations: [
      operation('GET /api/datasets/reviewable', 'read', 'Sets that one may review'),
      operation(`GET ${set}/queue`, 'read', 'What is to be reviewed', { query: contract.queueQuerySchema }),
      operation(`GET ${set}/items/{itemId}/reviews`, 'read', 'An item with its reviews'),
      operation(`POST ${set}/items/{itemId}/reviews`, 'review', 'Decide about an item', {
        body: contract.submitReviewSchema,
        answers: [json(200, 'The item'), json(409, 'Somebody was faster: the item as it is now')],
      }),
      operation(`DELETE ${set}/items/{itemId}/reviews`, 'review', 'Take the latest decision back', {
        query: contract.undoReviewSchema,
        answers: [json(200, 'The item'), json(409, 'Somebody was faster: the item as it is now')],
      }),
      operation(`POST ${set}/items/{itemId}/comments`, 'review', 'Comment on an item', {
        body: contract.commentSchema,
        answers: [json(201, 'The item')],
      }),
      operation(`POST ${set}/items/{itemId}/draft`, 'chat', 'Draft an item’s texts', {
        body: contract.draftRequestSchema,
        answers: [file('application/x-ndjson', 'Texts as they come')],
      }),
      operation('POST /api/images/{id}/segment', 'chat', 'The region that clicks on a picture point at', {
        body: contract.segmentRequestSchema,
        answer: contract.segmentResponseSchema,
      }),
      operation(`GET ${set}/assignments`, 'read', 'Who reviews what'),
      operation(`POST ${set}/assignments`, 'curate', 'Assign items', { body: contract.assignSchema }),
      operation(`GET ${set}/agreement`, 'read', 'How reviewers agree'),
    ],
  },
];
