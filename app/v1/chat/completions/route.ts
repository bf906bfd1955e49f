import { route } from '@/lib/handler/route';
import { answerChat } from '@/lib/openai-door/chat-completions';
import { doorErrorBody } from '@/lib/openai-door/door-error';
import { doorRate } from '@/lib/openai-door/rate';

export const POST = route(
  { access: 'chat', rate: doorRate, errorBody: doorErrorBody },
  ({ request, principal, requestId }) => answerChat(principal, request, requestId),
);
