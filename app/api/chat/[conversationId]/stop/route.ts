import { stopAnswer } from '@/lib/assistant/answers/running-answers';
import { findConversation } from '@/lib/database/conversations';
import { notFound } from '@/lib/http/app-error';
import { route } from '@/lib/handler/route';

export const POST = route<{ conversationId: string }, 'chat'>({ access: 'chat' }, async ({ principal, params }) => {
  if ((await findConversation(principal, params.conversationId)) === null) {
    throw notFound('conversation');
  }
  const messageId = await stopAnswer(params.conversationId);
  return Response.json({ stopped: messageId !== null, messageId });
});
