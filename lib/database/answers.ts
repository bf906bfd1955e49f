import { database } from './client';
import { Prisma, type MessageState } from './generated/client';

/** Appends a batch of stream chunks to a running answer's log. */
export async function appendChunks(messageId: string, seq: number, chunks: unknown[]): Promise<void> {
  await database().messageEvent.create({ data: { messageId, seq, chunks: chunks as Prisma.InputJsonValue } });
}

/** The logged stream chunks of an answer, oldest first. */
export async function readChunks(messageId: string): Promise<unknown[]> {
  const events = await database().messageEvent.findMany({ where: { messageId }, orderBy: { seq: 'asc' } });
  return events.flatMap(({ chunks }) => (Array.isArray(chunks) ? chunks : []));
}

export type AnswerEnd = {
  state: Exclude<MessageState, 'running'>;
  parts: unknown[];
  text: string;
  bundle: string | null;
  /** What the turn wants back in follow-ups. */
  context: object | null;
  error: { code: string; message: string } | null;
};

/**
 * Stores an answer's end and drops its log, in one transaction. Only a running answer ends; false when it had ended (or
 * was deleted) before.
 */
export async function endAnswer(messageId: string, end: AnswerEnd): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const finishedAt = new Date();
    const { count } = await tx.message.updateMany({
      where: { id: messageId, state: 'running' },
      data: {
        state: end.state,
        parts: end.parts as Prisma.InputJsonValue,
        text: end.text,
        bundle: end.bundle,
        context: (end.context as Prisma.InputJsonValue | null) ?? Prisma.DbNull,
        errorCode: end.error?.code ?? null,
        errorMessage: end.error?.message ?? null,
        finishedAt,
      },
    });
    if (count === 0) {
      return false;
    }
    await tx.messageEvent.deleteMany({ where: { messageId } });
    await tx.conversation.updateMany({
      where: { messages: { some: { id: messageId } } },
      data: { updatedAt: finishedAt },
    });
    return true;
  });
}

/** Answers that began before `startedBefore` and have not ended. */
export async function listRunningAnswers(startedBefore: Date): Promise<{ id: string; bundle: string | null }[]> {
  return database().message.findMany({
    where: { state: 'running', createdAt: { lt: startedBefore } },
    select: { id: true, bundle: true },
  });
}
