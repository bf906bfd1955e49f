import { route } from '@/lib/handler/route';
import { doorErrorBody } from '@/lib/openai-door/door-error';
import { doorRate } from '@/lib/openai-door/rate';
import { answerResponse } from '@/lib/openai-door/responses';

export const POST = route({ access: 'chat', rate: doorRate, errorBody: doorErrorBody }, ({ request, principal }) =>
  answerResponse(principal, request),
);
