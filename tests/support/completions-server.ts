import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type EmbeddingRun, type LanguageModel } from '@/lib/language';
import { argmax } from '@/lib/language/sampling';

/** What a request said, its prompt decoded: [positions, width]. */
export type Received = { body: Record<string, unknown>; rows: Float32Array; authorization: string | undefined };
type Body = {
  max_tokens: number;
  min_tokens: number;
  logit_bias: Record<string, number>;
  stop_token_ids: number[];
  prompt_embeds: string;
};
const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;

/** An entry of a ZIP archive without compression, found by its directory as readers do. */
export function storedEntry(archive: Buffer, wanted: string): Buffer {
  const end = archive.length - 22;
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < archive.readUInt16LE(end + 10); entry += 1) {
    const [nameLength, size] = [archive.readUInt16LE(at + 28), archive.readUInt32LE(at + 24)];
    const name = archive.toString('latin1', at + CENTRAL_HEADER, at + CENTRAL_HEADER + nameLength);
    if (name === wanted) {
      const local = archive.readUInt32LE(at + 42);
      const start = local + LOCAL_HEADER + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      return archive.subarray(start, start + size);
    }
    at += CENTRAL_HEADER + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`The archive has no ${wanted}.`);
}

export type CompletionsServer = {
  url: string;
  received: Received[];
  /** Whether answers tell their tokens. */
  tellsTokens: boolean;
  /** Requests whose client went away. */
  abandoned: number;
  close: () => Promise<void>;
};

/**
 * A server of completions that runs a real model of this runtime on the vectors that it is sent: greedy, with bans, a
 * least length and stop tokens as vLLM has them.
 * @param width of the model's vectors
 */
export async function startCompletionsServer(model: LanguageModel, width: number): Promise<CompletionsServer> {
  const state: CompletionsServer = {
    url: '',
    received: [],
    tellsTokens: true,
    abandoned: 0,
    close: async () => undefined,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await buffer(request)).toString()) as Body;
    const numbers = storedEntry(Buffer.from(body.prompt_embeds, 'base64'), 'archive/data/0');
    const rows = new Float32Array(Uint8Array.from(numbers).buffer);
    state.received.push({ body, rows, authorization: request.headers.authorization });
    if (request.url !== '/v1/completions') {
      response.writeHead(404).end('no such route');
      return;
    }
    let open = true;
    response.on('close', () => {
      open = false;
      state.abandoned += response.writableFinished ? 0 : 1;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (chunk: object) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    const run: EmbeddingRun = { kind: 'embeddings', key: randomUUID(), rows, count: rows.length / width };
    const decoding = await model.start(Array.from({ length: run.count }, (_, row) => ({ run, row })));
    for (let said = 0; open && said < body.max_tokens; said += 1) {
      const { logits } = decoding;
      for (const [id, bias] of Object.entries(body.logit_bias)) {
        logits[Number(id)] = (logits[Number(id)] ?? 0) + bias;
      }
      for (const id of said < body.min_tokens ? body.stop_token_ids : []) {
        logits[id] = -Infinity;
      }
      const id = argmax(logits);
      const isEnd = body.stop_token_ids.includes(id);
      const finish_reason = isEnd ? 'stop' : said + 1 === body.max_tokens ? 'length' : null;
      const text = isEnd ? '' : model.tokenizer.decode([id]);
      say({ choices: [{ index: 0, text, finish_reason, ...(state.tellsTokens ? { token_ids: [id] } : {}) }] });
      if (isEnd) {
        break;
      }
      await decoding.accept(id);
    }
    decoding.dispose();
    response.end('data: [DONE]\n\n');
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  state.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return state;
}
