import { newId } from '@/lib/contract';
import type { Owner } from '@/lib/database/owner';
import { runAnswer, type Outcome, type Usage } from './answer';
import type { ChatChunk, ChatCompletion, Extension } from './contract';
import { doorErrorBody } from './door-error';
import { requireModel } from './models';
import { prepareTurn } from './prepare';
import { readChatRequest } from './read-request';
import { streamAnswer } from './sse';

function toUsage({ promptTokens, cachedTokens, completionTokens }: Usage): ChatCompletion['usage'] {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

type Head = Pick<ChatCompletion, 'id' | 'created' | 'model' | 'system_fingerprint'>;

function toCompletion(head: Head, { text, finishReason, usage, extension }: Outcome): ChatCompletion {
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: toUsage(usage),
    looktwice: extension,
  };
}

type Choice = ChatChunk['choices'][number];

function toChunk(head: Head, delta: Choice['delta'], finish: Choice['finish_reason'] = null): ChatChunk {
  const choice = { index: 0 as const, delta, logprobs: null, finish_reason: finish };
  return { ...head, object: 'chat.completion.chunk', choices: [choice] };
}

/** `POST /v1/chat/completions`: the answer as one value, or as it comes about. Nothing of it is stored. */
export async function answerChat(owner: Owner, request: Request, requestId: string): Promise<Response> {
  const { request: body, question } = await readChatRequest(request);
  const bundle = await requireModel(body.model);
  const turn = await prepareTurn(owner, question);
  const head: Head = {
    id: `chatcmpl-${newId()}`,
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    system_fingerprint: bundle,
  };
  if (body.stream !== true) {
    const ignore = () => undefined;
    const reader = { onText: ignore, onExtension: ignore, onProgress: ignore };
    const outcome = await runAnswer(owner, question, turn, reader, request.signal).finally(turn.dispose);
    return Response.json(toCompletion(head, outcome), { headers: { 'cache-control': 'no-store' } });
  }
  const wantsUsage = body.stream_options?.include_usage === true;
  return streamAnswer(request, {
    async run(write, started, signal) {
      let hasRole = false;
      const put = (delta: Choice['delta'], extension?: Extension) => {
        const role = hasRole ? {} : { role: 'assistant' as const, content: '' };
        hasRole = true;
        write.data({ ...toChunk(head, { ...role, ...delta }), ...(extension && { looktwice: extension }) });
      };
      const reader = {
        onText: (content: string) => put({ content }),
        onExtension: (extension: Extension) => put({}, extension),
        onProgress: (stage: string) => {
          started();
          write.comment(stage);
        },
      };
      const outcome = await runAnswer(owner, question, turn, reader, signal).finally(turn.dispose);
      const { ignored } = outcome.extension;
      write.data({
        ...toChunk(head, {}, outcome.finishReason),
        ...(ignored !== undefined && { looktwice: { ignored } }),
      });
      if (wantsUsage) {
        write.data({ ...toChunk(head, {}), choices: [], usage: toUsage(outcome.usage) });
      }
      write.done();
    },
    fail: (write, error) => write.data(doorErrorBody(error, requestId)),
  });
}
