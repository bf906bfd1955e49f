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
  | { outcome: 'repeated'; answerId: string };

export type TurnRefused =
  { outcome: 'busy' } | { outcome: 'not_found'; what: 'conversation' | 'message' } | { outcome: 'conflict' };

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
async function findRepeated(tx: Tx, turn: TurnStart): Promise<{ answerId: string } | 'conflict' | null> {
  const answer = await tx.message.findUnique({ where: { id: turn.answerId } });
  if (answer !== null) {
    const same = answer.conversationId === turn.conversationId && answer.role === 'assistant';
    return same ? { answerId: answer.id } : 'conflict';
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
  return question.conversationId === turn.conversationId && first !== undefined ? { answerId: first.id } : 'conflict';
}

/**
 * Stores the question, or finds the one to answer again. Returns its id, or null when what it refers to is not there.
 */
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

/** Thrown to undo the transaction. */
class Refusal extends Error {
  constructor(readonly outcome: TurnRefused) {
    super(outcome.outcome);
  }
}

async function storeTurn(tx: Tx, owner: Owner, turn: TurnStart): Promise<TurnStarted> {
  if (!(await openConversation(tx, owner, turn))) {
    throw new Refusal({ outcome: 'not_found', what: 'conversation' });
  }
  const repeated = await findRepeated(tx, turn);
  if (repeated === 'conflict') {
    throw new Refusal({ outcome: 'conflict' });
  }
  if (repeated !== null) {
    return { outcome: 'repeated', answerId: repeated.answerId };
  }
  const { conversationId, answerId } = turn;
  if ((await tx.message.findFirst({ where: { conversationId, state: 'running' }, select: { id: true } })) !== null) {
    throw new Refusal({ outcome: 'busy' });
  }
  const now = Date.now();
  const questionId = await putQuestion(tx, turn, new Date(now));
  if (questionId === null) {
    throw new Refusal({ outcome: 'not_found', what: 'message' });
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
}

/**
 * Stores a question and the answer to be, in one transaction: once it resolves, the question survives a crash. A
 * conversation writes one answer at a time. Sent again with the same ids it changes nothing and names the first answer.
 * What is refused changes nothing.
 */
export async function startTurn(owner: Owner, turn: TurnStart): Promise<TurnStarted | TurnRefused> {
  try {
    return await database().$transaction((tx) => storeTurn(tx, owner, turn));
  } catch (error) {
    if (error instanceof Refusal) {
      return error.outcome;
    }
    throw error;
  }
}
