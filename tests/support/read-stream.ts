import { parseJsonEventStream, readUIMessageStream, uiMessageChunkSchema } from 'ai';
import type { ChatMessage } from '@/lib/contract';
import type { ChatChunk } from '@/lib/assistant/answers/chunks';

/** The chunks of an answer's server-sent events, checked as the AI SDK's client does. */
export async function readChunks(response: Response): Promise<ChatChunk[]> {
  if (response.body === null) {
    return [];
  }
  const chunks: ChatChunk[] = [];
  const reader = parseJsonEventStream({ stream: response.body, schema: uiMessageChunkSchema }).getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    if (!result.value.success) {
      throw result.value.error;
    }
    chunks.push(result.value.value as ChatChunk);
  }
  return chunks;
}

/** The message that the AI SDK's client builds from chunks. */
export async function buildMessage(chunks: ChatChunk[]): Promise<ChatMessage | undefined> {
  let last: ChatMessage | undefined;
  const stream = new ReadableStream<ChatChunk>({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(chunk));
      controller.close();
    },
  });
  for await (const message of readUIMessageStream<ChatMessage>({ stream, onError: () => undefined })) {
    last = message;
  }
  return last;
}
