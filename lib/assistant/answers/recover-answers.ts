import { textOf } from '@/lib/assistant/conversations/stored-message';
import { endAnswer, listRunningAnswers, readChunks } from '@/lib/database/answers';
import { foldParts, type ChatChunk } from './chunks';
import { runningAnswers } from './running-answers';

/**
 * Stores the answers that no process writes any more (the server was killed) as `interrupted`, with what their log has.
 * They can be regenerated. Returns how many there were.
 * @param startedBefore leaves out an answer that is about to be registered by a request in flight
 */
export async function recoverAnswers(startedBefore: Date): Promise<number> {
  const lost = (await listRunningAnswers(startedBefore)).filter(({ id }) => !runningAnswers().has(id));
  for (const { id, bundle } of lost) {
    const parts = foldParts((await readChunks(id)) as ChatChunk[]);
    await endAnswer(id, { state: 'interrupted', parts, text: textOf(parts), bundle, context: null, error: null });
  }
  return lost.length;
}
