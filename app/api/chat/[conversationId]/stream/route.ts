import { answerResponse, openAnswerStream } from '@/lib/assistant/answers/answer-stream';
import { runningAnswers } from '@/lib/assistant/answers/running-answers';
import { resumeQuerySchema } from '@/lib/contract';
import { findConversation } from '@/lib/database/conversations';
import { notFound } from '@/lib/http/app-error';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

type Params = { conversationId: string };

export const GET = route<Params, 'read'>({ access: 'read' }, async ({ request, principal, params }) => {
  const { answer } = readQuery(request, resumeQuerySchema);
  if ((await findConversation(principal, params.conversationId)) === null) {
    throw notFound('conversation');
  }
  const messageId = answer ?? runningAnswers().get(params.conversationId)?.messageId;
  const stream = messageId === undefined ? null : await openAnswerStream(principal, messageId);
  return stream === null ? new Response(null, { status: 204 }) : answerResponse(stream);
});
