import { answerResponse } from '@/lib/assistant/answers/answer-stream';
import { chooseEngine } from '@/lib/assistant/answers/choose-engine';
import { startAnswer } from '@/lib/assistant/answers/start-answer';
import { chatRequestSchema } from '@/lib/contract';
import { answerWith } from '@/lib/engines/answer';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route(
  { access: 'chat', rate: { name: 'chat', burst: 120, perMinute: 60 } },
  async ({ request, principal, log, source }) => {
    const chat = await readJson(request, chatRequestSchema);
    const chosen = await chooseEngine(principal, chat, source);
    return answerResponse(
      await startAnswer(
        principal,
        chat,
        async (turn, options) => {
          await chosen.keep();
          return answerWith(chosen.engine, turn, options);
        },
        log,
      ),
    );
  },
);
