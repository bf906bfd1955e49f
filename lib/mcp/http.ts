import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { z } from 'zod';
import type { Principal } from '@/lib/auth/principal';
import { queueKey } from '@/lib/engine/rounds';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError } from '@/lib/http/app-error';
import { readJson } from '@/lib/http/body';
import { REQUEST_BYTES } from './contract';
import { createMcpServer } from './server';

/** Messages of one request: each may be answered at length. */
const MAX_MESSAGES = 16;
const callSchema = z.object({ method: z.literal('tools/call') });

/**
 * `POST /mcp`: one message of the streamable HTTP transport. There are no sessions: every request stands for itself, so
 * that a restart loses nobody. Where the request came from (Origin, Host) has been checked by `route`, as for every
 * other write.
 * @throws AppError invalid_request; EngineError queue_full for a call of a tool
 */
export async function answerMcp(principal: Principal, request: Request): Promise<Response> {
  const parsedBody = await readJson(request, z.unknown(), REQUEST_BYTES);
  const messages = Array.isArray(parsedBody) ? parsedBody : [parsedBody];
  if (messages.length > MAX_MESSAGES) {
    throw new AppError(
      'invalid_request',
      `At most ${MAX_MESSAGES} messages may come in one request: send them in several`,
    );
  }
  if (messages.some((message) => callSchema.safeParse(message).success)) {
    // As a status, so that clients wait by themselves; later a tool can only say it in words.
    getEngine().requireRoom(queueKey(principal.userId, 'mcp'));
  }
  const gone = new AbortController();
  const server = createMcpServer({
    owner: principal,
    allowsPaths: false,
    signal: AbortSignal.any([request.signal, gone.signal]),
  });
  const transport = new WebStandardStreamableHTTPServerTransport({});
  await server.connect(transport);
  const response = await transport.handleRequest(request, { parsedBody });
  const { body, status, headers } = response;
  if (body === null) {
    await server.close();
    return new Response(null, { status, headers });
  }
  const reader = body.getReader();
  const passed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        controller.close();
        await server.close();
      } else {
        controller.enqueue(value);
      }
    },
    async cancel() {
      gone.abort();
      await reader.cancel();
      await server.close();
    },
  });
  headers.set('content-encoding', 'none');
  return new Response(passed, { status, headers });
}

/** Without sessions there is nothing to listen to (GET) and nothing to end (DELETE). */
export function refuseMcp(): Response {
  const error = { code: -32000, message: 'Method not allowed: this server has no sessions, send POST' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 405, headers: { allow: 'POST' } });
}
