/**
 * Stores turns and parts of answers without end, and prints each id once it is acknowledged. Run by the durability
 * test, which kills it.
 */
import { newId } from '@/lib/contract';
import { appendChunks, endAnswer } from '@/lib/database/answers';
import { storeTurn } from './conversations';

async function main(): Promise<void> {
  for (;;) {
    const conversationId = newId();
    const { questionId, answerId } = await storeTurn({ conversationId, question: 'Any defects?' });
    console.log(`question ${questionId}`);
    await appendChunks(answerId, 0, [
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'Yes.' },
    ]);
    console.log(`chunks ${answerId}`);
    if (Math.random() < 0.5) {
      await endAnswer(answerId, {
        state: 'complete',
        parts: [{ type: 'text', text: 'Yes.' }],
        text: 'Yes.',
        bundle: null,
        context: null,
        error: null,
      });
      console.log(`answer ${answerId}`);
    }
  }
}

void main();
