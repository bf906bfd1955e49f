import { newId, type StoredPart } from '@/lib/contract';
import { textOf } from '@/lib/assistant/conversations/stored-message';
import { endAnswer } from '@/lib/database/answers';
import { startTurn } from '@/lib/database/turns';
import { LOCAL_USER_ID, ensureLocalUser } from '@/lib/database/users';

export const owner = { userId: LOCAL_USER_ID };

type Turn = {
  conversationId: string;
  parentId?: string | null;
  question: string;
  answer?: StoredPart[];
  imageIds?: string[];
  imageName?: string;
};

/** Stores a question and, when `answer` is given, its complete answer. Returns their ids. */
export async function storeTurn(turn: Turn): Promise<{ questionId: string; answerId: string }> {
  await ensureLocalUser();
  const { conversationId, parentId = null, question, answer, imageIds = [], imageName = 'part.png' } = turn;
  const started = await startTurn(owner, {
    conversationId,
    title: question,
    answerId: newId(),
    settings: null,
    bundle: 'looktwice-mini@0.1.0',
    question: {
      id: newId(),
      parentId,
      text: question,
      parts: [
        { type: 'text', text: question },
        ...imageIds.map((imageId) => ({
          type: 'data-image',
          data: { imageId, role: 'subject', name: imageName, width: 320, height: 240 },
        })),
      ],
      images: imageIds.map((imageId) => ({ imageId, role: 'subject' as const })),
    },
  });
  if (started.outcome !== 'started') {
    throw new Error(`the turn did not start: ${started.outcome}`);
  }
  if (answer !== undefined) {
    const bundle = 'looktwice-mini@0.1.0';
    await endAnswer(started.answerId, {
      state: 'complete',
      parts: answer,
      text: textOf(answer),
      bundle,
      context: null,
      error: null,
    });
  }
  return started;
}
