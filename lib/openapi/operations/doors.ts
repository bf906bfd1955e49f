import { z } from 'zod';
import * as door from '@/lib/openai-door/contract';
import { file, json, nothing, operation, type Group } from '../operation';

const errors = { errors: 'openai' as const };
const rpc = { errors: 'json-rpc' as const };
const message = z.looseObject({ jsonrpc: z.literal('2.0') });

export const doorGroups: Group[] = [
  {
    name: 'OpenAI-compatible',
    description: 'For clients of OpenAI’s API (docs/api-clients.md). Nothing of it is stored.',
    operations: [
      operation('GET /v1/models', 'read', 'The installed model', { answer: door.modelListSchema, ...errors }),
      operation('GET /v1/models/{model}', 'read', 'One model', { answer: door.modelSchema, ...errors }),
      operation('POST /v1/chat/completions', 'chat', 'Answer a conversation', {
        body: door.chatRequestSchema,
        answers: [
          json(200, 'The answer', door.chatCompletionSchema),
          file('text/event-stream', 'With stream: chunks, then [DONE]'),
        ],
        ...errors,
      }),
      operation('POST /v1/responses', 'chat', 'Answer a conversation, in the form of the Responses API', {
        body: door.responsesRequestSchema,
        answers: [json(200, 'The answer', door.responseSchema), file('text/event-stream', 'With stream: events')],
        ...errors,
      }),
      operation('GET /v1/{path}', 'read', 'Any other address', { answers: [json(404, 'There is none')], ...errors }),
      operation('POST /v1/{path}', 'chat', 'Any other address', { answers: [json(404, 'There is none')], ...errors }),
    ],
  },
  {
    name: 'Agents (MCP)',
    description: 'The Model Context Protocol over streamable HTTP, without sessions (docs/api-clients.md).',
    operations: [
      operation('POST /mcp', 'chat', 'One message; answers may come as events', {
        body: message,
        answers: [
          json(200, 'The answer', message),
          file('text/event-stream', 'Progress, then the answer'),
          nothing(202, 'A notification was taken'),
        ],
        ...rpc,
      }),
      operation('GET /mcp', 'read', 'Not offered: there are no sessions', { answers: [json(405, 'Refused')], ...rpc }),
      operation('DELETE /mcp', 'chat', 'Not offered: there are no sessions', {
        answers: [json(405, 'Refused')],
        ...rpc,
      }),
    ],
  },
];
