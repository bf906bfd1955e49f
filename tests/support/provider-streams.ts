import type { ServerResponse } from 'node:http';
import { type Behaviour, EVENT_STREAM } from './chat-server';

/** Streams and refusals in the words of the providers' own APIs, for a server on a real socket (`startChatServer`). */
export type Dialect = {
  /** An answer in these pieces, up to its end. */
  answering: (...pieces: string[]) => Behaviour;
  /** The beginning of an answer. */
  begin: (response: ServerResponse, text: string) => void;
  /** An answer that the provider declines to give. */
  declining: Behaviour;
  refusing: (status: number, type: string, message: string, headers?: Record<string, string>) => Behaviour;
  /** An error that comes within the stream. */
  trouble: (type: string, message: string) => string;
};

const named = (value: { type: string; [field: string]: unknown }) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const json = (response: ServerResponse, status: number, body: object, headers: Record<string, string>) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'seer-1', content: [], stop_reason: null };
const opening =
  named({ type: 'message_start', message: { ...MESSAGE, usage: { input_tokens: 20, output_tokens: 1 } } }) +
  named({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }) +
  named({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Is that a crack?' } }) +
  named({ type: 'content_block_stop', index: 0 }) +
  named({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }) +
  named({ type: 'ping' });
const said = (text: string) => named({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } });
const closing = (reason: string) =>
  named({ type: 'content_block_stop', index: 1 }) +
  named({ type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 3 } }) +
  named({ type: 'message_stop' });

/** Anthropic's Messages API. */
export const anthropic: Dialect = {
  answering:
    (...pieces) =>
    (_request, response) => {
      response.writeHead(200, EVENT_STREAM).write(opening);
      pieces.forEach((piece) => response.write(said(piece)));
      response.end(closing('end_turn'));
    },
  begin: (response, text) => void response.writeHead(200, EVENT_STREAM).write(opening + said(text)),
  declining: (_request, response) => void response.writeHead(200, EVENT_STREAM).end(opening + closing('refusal')),
  refusing:
    (status, type, message, headers = {}) =>
    (_request, response) =>
      json(response, status, { type: 'error', error: { type, message } }, headers),
  trouble: (type, message) => named({ type: 'error', error: { type, message } }),
};

const chunk = (candidate: object, rest: object = {}) =>
  `data: ${JSON.stringify({ candidates: [{ index: 0, ...candidate }], modelVersion: 'seer-1', responseId: 'r1', ...rest })}\r\n\r\n`;
const part = (text: string, rest: object = {}) => chunk({ content: { role: 'model', parts: [{ text, ...rest }] } });
const counted = { usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 3, totalTokenCount: 23 } };

/** Google's Gemini API. */
export const google: Dialect = {
  answering:
    (...pieces) =>
    (_request, response) => {
      response.writeHead(200, EVENT_STREAM).write(part('Is that a crack?', { thought: true }));
      pieces.forEach((piece) => response.write(part(piece)));
      response.end(chunk({ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }, counted));
    },
  begin: (response, text) => void response.writeHead(200, EVENT_STREAM).write(part(text)),
  declining: (_request, response) =>
    void response.writeHead(200, EVENT_STREAM).end(chunk({ finishReason: 'SAFETY' }, counted)),
  refusing:
    (status, type, message, headers = {}) =>
    (_request, response) =>
      json(response, status, { error: { code: status, message, status: type } }, headers),
  trouble: (type, message) => `data: ${JSON.stringify({ error: { code: 503, message, status: type } })}\r\n\r\n`,
};
