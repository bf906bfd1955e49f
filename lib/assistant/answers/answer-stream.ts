import { createUIMessageStreamResponse } from 'ai';
import { toStoredMessage } from '@/lib/assistant/conversations/stored-message';
import { findMessage } from '@/lib/database/messages';
import type { Owner } from '@/lib/database/owner';
import { unfoldParts, type ChatChunk } from './chunks';
import { runningAnswers } from './running-answers';

/** The chunks of an answer that has ended, as if it had just been written. */
function replay(chunks: ChatChunk[]): ReadableStream<ChatChunk> {
  return new ReadableStream<ChatChunk>({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(chunk));
      controller.close();
    },
  });
}

/**
 * An answer's stream from its start: live while it is written, else from what is stored. Null when the owner has no
 * such answer, or it is lost to this process (then it will be stored as interrupted).
 */
export async function openAnswerStream(owner: Owner, messageId: string): Promise<ReadableStream<ChatChunk> | null> {
  const row = await findMessage(owner, messageId);
  if (row === null || row.role !== 'assistant') {
    return null;
  }
  const running = runningAnswers().get(row.conversationId);
  if (running?.messageId === messageId) {
    return running.log.read();
  }
  if (row.state === 'running') {
    return null;
  }
  const { parts, metadata } = toStoredMessage(row);
  const end: ChatChunk =
    metadata.error === undefined
      ? { type: 'finish', messageMetadata: metadata }
      : { type: 'error', errorText: metadata.error.message };
  return replay([{ type: 'start', messageId, messageMetadata: metadata }, ...unfoldParts(parts), end]);
}

/** Server-sent events in the UI-message stream protocol of AI SDK 6. */
export function answerResponse(stream: ReadableStream<ChatChunk>): Response {
  return createUIMessageStreamResponse({
    stream,
    headers: { 'cache-control': 'no-store', 'content-encoding': 'none' },
  });
}
