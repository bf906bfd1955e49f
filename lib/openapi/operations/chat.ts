import { z } from 'zod';
import * as contract from '@/lib/contract';
import { benchmarkListSchema, benchmarkSchema } from '@/lib/evaluation/benchmark-contract';
import { file, json, nothing, operation, type Group } from '../operation';

const UI_STREAM = file('text/event-stream', 'UI-message stream of the AI SDK (docs/design/api.md)');

export const chatGroups: Group[] = [
  {
    name: 'Images and inspections',
    description: 'Bring in pictures, look at them, get masks.',
    operations: [
      operation('POST /api/images', 'write', 'Store a picture: its bytes, or the field file of a form', {
        query: z.object({ name: z.string().optional() }),
        media: [
          { mime: 'application/octet-stream', description: 'The bytes of the picture' },
          { mime: 'multipart/form-data', description: 'A form with the field file' },
        ],
        answer: contract.imageSchema,
      }),
      operation('GET /api/images', 'read', 'List pictures, the newest first', {
        query: contract.imageListQuerySchema,
        answer: contract.imageListSchema,
      }),
      operation('GET /api/images/{id}', 'read', 'A picture’s name, size and type', { answer: contract.imageSchema }),
      operation('PATCH /api/images/{id}', 'write', 'Choose the values that are shown black and white, of a deep file', {
        body: contract.imagePatchSchema,
        answer: contract.imageSchema,
      }),
      operation('GET /api/images/{id}/values', 'read', 'The pages of a file, and the values of a deep one', {
        answer: contract.imageValuesSchema,
      }),
      operation('POST /api/images/{id}/pages', 'write', 'A page of a TIFF stack, from 1, as a picture of its own', {
        body: contract.imagePageSchema,
        answer: contract.imageSchema,
      }),
      operation('GET /api/images/{id}/content', 'read', 'A picture’s pixels', {
        query: contract.contentQuerySchema,
        answers: [file('image/*', 'The picture')],
      }),
      operation('POST /api/inspect', 'chat', 'Inspect a stored picture, compared with normal ones if there are any', {
        body: contract.inspectRequestSchema,
        answers: [
          json(200, 'What was seen', contract.inspectResponseSchema),
          file('application/x-ndjson', 'With this Accept header: progress, then the result, a value per line'),
        ],
      }),
      operation('GET /api/inspections/{id}', 'read', 'A stored inspection with its masks and findings', {
        answer: contract.inspectResponseSchema,
      }),
      operation('GET /api/inspections/{id}/heatmap', 'read', 'The anomaly map of an inspection', {
        answers: [file('image/png', '8-bit grey, 255 is 1.0')],
      }),
      operation('GET /api/masks/{id}', 'read', 'A mask', {
        query: contract.maskQuerySchema,
        answers: [file('image/png', '8-bit grey, 255 is marked'), json(200, 'A COCO data set of one image')],
      }),
    ],
  },
  {
    name: 'Conversations',
    description: 'The workbench’s own conversations, which the server keeps.',
    operations: [
      operation('POST /api/chat', 'chat', 'Ask; the answer is written even when nobody reads it', {
        body: contract.chatRequestSchema,
        answers: [UI_STREAM],
      }),
      operation('GET /api/chat/{conversationId}/stream', 'read', 'Read the running answer from its start', {
        query: contract.resumeQuerySchema,
        answers: [UI_STREAM, nothing(204, 'Nothing runs')],
      }),
      operation('POST /api/chat/{conversationId}/stop', 'chat', 'Stop the running answer', {
        answer: contract.stopResponseSchema,
      }),
      operation('POST /api/checklist', 'chat', 'Tick an action', {
        body: contract.checklistRequestSchema,
        answer: contract.checklistRequestSchema,
      }),
      operation('GET /api/conversations', 'read', 'List or search conversations', {
        query: contract.conversationListQuerySchema,
        answer: contract.conversationListSchema,
      }),
      operation('POST /api/conversations', 'chat', 'Make a conversation', {
        body: contract.conversationCreateSchema,
        answers: [json(201, 'The conversation', contract.conversationSchema)],
      }),
      operation('GET /api/conversations/{id}', 'read', 'A conversation with all its branches', {
        answer: contract.conversationSchema,
      }),
      operation('PATCH /api/conversations/{id}', 'chat', 'Rename, pin, choose the branch', {
        body: contract.conversationPatchSchema,
        answer: contract.conversationSchema,
      }),
      operation('DELETE /api/conversations/{id}', 'chat', 'Delete; can be undone for a while', {
        answer: contract.conversationDeletedSchema,
      }),
      operation('POST /api/conversations/{id}/restore', 'chat', 'Undo a deletion', {
        answer: contract.conversationSchema,
      }),
      operation('GET /api/conversations/{id}/export', 'read', 'The visible branch as a file', {
        query: contract.exportQuerySchema,
        answers: [file('text/markdown', 'Markdown'), file('application/pdf', 'PDF'), json(200, 'JSON')],
      }),
    ],
  },
  {
    name: 'Benchmarks and state',
    description: 'Evaluation runs, and how the server is.',
    operations: [
      operation('GET /api/benchmarks', 'read', 'Evaluation runs', { answer: benchmarkListSchema }),
      operation('GET /api/benchmarks/{id}', 'read', 'One with its report and examples', { answer: benchmarkSchema }),
      operation('DELETE /api/benchmarks/{id}', 'administer', 'Forget a run', { answers: [nothing(204, 'Gone')] }),
      operation('GET /api/benchmarks/{id}/examples/{index}/{picture}', 'read', 'An example’s picture or heatmap', {
        answers: [file('image/jpeg', 'The picture')],
      }),
      operation('GET /api/status', 'read', 'Bundle, engine, queue, versions', {
        answer: contract.statusResponseSchema,
      }),
      operation('GET /api/openapi.json', 'public', 'This description', { answers: [json(200, 'OpenAPI 3.1')] }),
      operation('GET /healthz', 'public', 'The process answers', { answer: z.object({ status: z.literal('ok') }) }),
      operation(
        'GET /metrics',
        'public',
        'Counts and gauges for Prometheus; with accounts, for the token of LOOKTWICE_METRICS_TOKEN',
        {
          answers: [file('text/plain', 'Prometheus’ text format'), json(404, 'There is no token')],
        },
      ),
      operation('GET /readyz', 'public', 'Questions can be answered', {
        answers: [
          json(200, 'Yes', z.object({ status: z.string(), model: z.boolean(), database: z.boolean() })),
          json(503, 'Not yet'),
        ],
      }),
    ],
  },
];
