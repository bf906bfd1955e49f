import type { Logger } from 'pino';
import type { z } from 'zod';
import { newId, type chatRequestSchema } from '@/lib/contract';
import type { Owner } from '@/lib/database/owner';
import { startTurn, UNTITLED, type TurnStart, type TurnRefused } from '@/lib/database/turns';
import { queueKey } from '@/lib/engine/rounds';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError, notFound } from '@/lib/http/app-error';
import { openAnswerStream } from './answer-stream';
import type { ChatChunk } from './chunks';
import { prepareTurn, type TurnRunner } from './prepare-turn';
import { readQuestion } from './read-question';
import { runAnswer } from './run-answer';
import { runningAnswers } from './running-answers';

export type ChatRequest = z.output<typeof chatRequestSchema>;

async function describe(owner: Owner, request: ChatRequest): Promise<Pick<TurnStart, 'question' | 'title'>> {
  if (request.trigger === 'regenerate') {
    return { question: { existingId: request.parentId }, title: UNTITLED };
  }
  const { text, parts, images, title } = await readQuestion(owner, request.message);
  const references = images.map(({ imageId, role }) => ({ imageId, role }));
  return { question: { id: request.message.id, parentId: request.parentId, parts, text, images: references }, title };
}

function refuse(outcome: TurnRefused): AppError {
  switch (outcome.outcome) {
    case 'busy':
      return new AppError('answer_running', 'This conversation is being answered: wait for the answer or stop it');
    case 'not_found':
      return notFound(outcome.what);
    case 'conflict':
      return new AppError('conflict', 'This message id is taken by another message: use a fresh one');
  }
}

/**
 * Stores the question, starts its answer in the background and returns the answer's stream. The question is in the
 * database when this resolves. The same request again gets the same answer's stream.
 * @throws AppError invalid_request, not_found, answer_running, conflict, shutting_down, model_unavailable; EngineError
 *   queue_full
 */
export async function startAnswer(
  owner: Owner,
  request: ChatRequest,
  run: TurnRunner,
  requestLog: Logger,
): Promise<ReadableStream<ChatChunk>> {
  if (runningAnswers().closing) {
    throw new AppError('shutting_down', 'The server is restarting: send the message again in a moment', {
      retryAfterSeconds: 10,
    });
  }
  const { conversationId, answerId = newId(), settings } = request;
  if (runningAnswers().get(conversationId) === undefined) {
    // Before the question is stored; where an answer runs, the request joins it or is refused.
    getEngine().requireRoom(queueKey(owner.userId, conversationId));
  }
  const { question, title } = await describe(owner, request);
  const started = await startTurn(owner, {
    conversationId,
    title,
    answerId,
    settings: settings === undefined ? null : { ...settings },
    bundle: null,
    question,
  });
  if (started.outcome === 'repeated') {
    const stream = await openAnswerStream(owner, started.answerId);
    if (stream === null) {
      throw new AppError(
        'answer_running',
        'This message is being answered by a server that ended: try again in a minute',
      );
    }
    return stream;
  }
  if (started.outcome !== 'started') {
    throw refuse(started);
  }
  const identity = { conversationId, messageId: answerId, parentId: started.questionId, createdAt: started.createdAt };
  const turn = prepareTurn(owner, identity, settings ?? {}, run);
  return runAnswer(identity, turn, requestLog).log.read();
}
