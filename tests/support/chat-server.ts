import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineConfig } from '@/lib/engines/config';
import { engineSchema } from '@/lib/engines/config';
import type { RemoteEngine } from '@/lib/engines/registry';

/** A request as the server got it. */
export type Received = { path: string; authorization: string | undefined; body: Record<string, unknown> };
export type Behaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  received: Received,
) => void | Promise<void>;

export type ChatServer = {
  /** With `/v1`. */
  url: string;
  received: Received[];
  /** How many requests ended before their answer did. */
  abandoned: number;
  behave: (behaviour: Behaviour) => void;
  close: () => Promise<void>;
};

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** An OpenAI-compatible server on a real socket that behaves, or misbehaves, as it is told. */
export async function startChatServer(first: Behaviour): Promise<ChatServer> {
  let behaviour = first;
  const received: Received[] = [];
  const chat: ChatServer = {
    url: '',
    received,
    abandoned: 0,
    behave(next) {
      behaviour = next;
      received.length = 0;
    },
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  const server: Server = createServer((request, response) => {
    response.on('close', () => {
      chat.abandoned += response.writableFinished ? 0 : 1;
    });
    void (async () => {
      const entry = {
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: await readBody(request),
      };
      received.push(entry);
      await behaviour(request, response, entry);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  chat.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return chat;
}

const chunk = (delta: object, finish: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'seer-1',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

export const EVENT_STREAM = { 'content-type': 'text/event-stream' };
export const event = (value: object | string) =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
/** One piece of an answer's text. */
export const word = (content: string) => event(chunk({ role: 'assistant', content }));
export const ending = (reason = 'stop') =>
  event({ ...chunk({}, reason), usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 } }) +
  event('[DONE]');

/** Answers with these pieces, and ends well. */
export const answering =
  (...pieces: string[]): Behaviour =>
  (_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    pieces.forEach((piece) => response.write(word(piece)));
    response.end(ending());
  };

/** A refusal as OpenAI's API words it. */
export const refusing =
  (status: number, message: string, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'server_error', code: null } }));
  };

/** A remote engine at an address, as the registry would make it of this configuration; without a key. */
export function remoteAt(url: string, config: Partial<Omit<EngineConfig, 'kind' | 'url' | 'key'>> = {}): RemoteEngine {
  const { key: _key, ...rest } = engineSchema.parse({
    ...{ kind: 'openai-compatible', url, model: 'seer-1', private: true },
    ...config,
  });
  return { kind: 'remote', name: 'seer', label: 'Seer', config: rest };
}
