import { answerResponse } from '@/lib/assistant/answers/answer-stream';
import { startAnswer } from '@/lib/assistant/answers/start-answer';
import { chatRequestSchema } from '@/lib/assistant/contract';
import { getEngine } from '@/lib/engine/worker/client';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/http/route';

export const POST = route(
  { access: 'chat', rate: { name: 'chat', burst: 120, perMinute: 60 } },
  async ({ request, principal, log }) => {
    const chat = await readJson(request, chatRequestSchema);
    const run = (...call: Parameters<ReturnType<typeof getEngine>['turn']>) => getEngine().turn(...call);
    return answerResponse(await startAnswer(principal, chat, run, log));
  },
);
