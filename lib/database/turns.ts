import { database } from './client';
import { Prisma, type ImageRole } from './generated/client';
import type { Owner } from './owner';

export type TurnStart = {
  conversationId: string;
  /** Title if the conversation is new or has none of its own yet. */
  title: string;
  answerId: string;
  settings: Prisma.InputJsonValue | null;
  bundle: string | null;
  /** The user message that the answer follows: a new one, or the id of one that is there. */
  question:
    | {
        id: string;
        parentId: string | null;
        parts: Prisma.InputJsonValue;
        text: string;
        images: { imageId: string; role: ImageRole }[];
      }
    | { existingId: string };
};

export type TurnStarted =
  | { outcome: 'started'; questionId: string; answerId: string; createdAt: Date }
  /** The same request came before: this is its answer. */
  | { outcome: 'repeated'; answerId: string }
  | { outcome: 'busy' }
  | { outcome: 'not_found'; what: 'conversation' | 'message' }
  | { outcome: 'conflict' };

/** Titles of conversations that nobody named. */
export const UNTITLED = 'New conversation';

type Tx = Prisma.TransactionClient;

async function openConversation(tx: Tx, owner: Owner, turn: TurnStart): Promise<boolean> {
  const found = await tx.conversation.findUnique({ where: { id: turn.conversationId } });
  if (found !== null) {
    return found.ownerId === owner.userId && found.deletedAt === null;
  }
  if ('existingId' in turn.question) {
    return false;
  }
  await tx.conversation.create({ data: { id: turn.conversationId, ownerId: owner.userId, title: turn.title } });
  return true;
}

/** The answer that an earlier request with the same ids started. */
async function findRepeated(tx: Tx, turn: TurnStart): Promise<TurnStarted | null> {
  const answer = await tx.message.findUnique({ where: { id: turn.answerId } });
  if (answer !== null) {
    const same = answer.conversationId === turn.conversationId && answer.role === 'assistant';
    return same ? { outcome: 'repeated', answerId: answer.id } : { outcome: 'conflict' };
  }
  if ('existingId' in turn.question) {
    return null;
  }
  const question = await tx.message.findUnique({
    where: { id: turn.question.id },
    include: { children: { orderBy: { createdAt: 'asc' }, take: 1 } },
  });
  if (question === null) {
    return null;
  }
  const first = question.children[0];
  return question.conversationId === turn.conversationId && first !== undefined
    ? { outcome: 'repeated', answerId: first.id }
    : { outcome: 'conflict' };
}

/** Stores the question, or finds the one to answer again. Returns its id, or null when what it refers to is not there. */
async function putQuestion(tx: Tx, turn: TurnStart, createdAt: Date): Promise<string | null> {
  const { conversationId, question } = turn;
  const isThere = async (id: string, role: 'user' | 'assistant') =>
    (await tx.message.findFirst({ where: { id, conversationId, role }, select: { id: true } })) !== null;
  if ('existingId' in question) {
    return (await isThere(question.existingId, 'user')) ? question.existingId : null;
  }
  if (question.parentId !== null && !(await isThere(question.parentId, 'assistant'))) {
    return null;
  }
  const { images, ...message } = question;
  await tx.message.create({
    data: {
      ...message,
      conversationId,
      role: 'user',
      state: 'complete',
      createdAt,
      images: { create: images.map((image, position) => ({ ...image, position })) },
    },
  });
  return question.id;
}

/**
 * Stores a question and the answer to be, in one transaction: once it resolves, the question survives a crash. A conversation writes one answer at a time. Sent again
 * with the same ids it changes nothing and names the first answer.
 */
export async function startTurn(owner: Owner, turn: TurnStart): Promise<TurnStarted> {
  return database().$transaction(async (tx) => {
    if (!(await openConversation(tx, owner, turn))) {
      return { outcome: 'not_found', what: 'conversation' };
    }
    const repeated = await findRepeated(tx, turn);
    if (repeated !== null) {
      return repeated;
    }
    const { conversationId, answerId } = turn;
    if ((await tx.message.findFirst({ where: { conversationId, state: 'running' }, select: { id: true } })) !== null) {
      return { outcome: 'busy' };
    }
    const now = Date.now();
    const questionId = await putQuestion(tx, turn, new Date(now));
    if (questionId === null) {
      return { outcome: 'not_found', what: 'message' };
    }
    // Later than the question by a millisecond, so that sorting by time gives parents before children.
    const createdAt = new Date(now + 1);
    await tx.message.create({
      data: {
        id: answerId,
        conversationId,
        parentId: questionId,
        role: 'assistant',
        state: 'running',
        parts: [],
        text: '',
        bundle: turn.bundle,
        settings: turn.settings ?? Prisma.DbNull,
        createdAt,
      },
    });
    await tx.conversation.updateMany({
      where: { id: conversationId, title: UNTITLED },
      data: { title: turn.title },
    });
    await tx.conversation.update({ where: { id: conversationId }, data: { leafId: answerId, updatedAt: createdAt } });
    return { outcome: 'started', questionId, answerId, createdAt };
  });
}
