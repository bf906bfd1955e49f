import { newId } from '@/lib/contract';
import type { Owner } from '@/lib/database/owner';
import { runAnswer, type Outcome } from './answer';
import type { Extension, OutputMessage, ResponseObject, ResponsesRequest } from './contract';
import { requireModel } from './models';
import { prepareTurn } from './prepare';
import { readResponsesRequest } from './read-request';
import { streamAnswer } from './sse';

function toMessage(id: string, text: string, status: OutputMessage['status']): OutputMessage {
  const content = [{ type: 'output_text' as const, text, annotations: [], logprobs: [] }];
  return { id, type: 'message', status, role: 'assistant', content: status === 'in_progress' ? [] : content };
}

function begin(id: string, body: ResponsesRequest): ResponseObject {
  return {
    id,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: {},
    model: body.model,
    output: [],
    parallel_tool_calls: false,
    previous_response_id: null,
    store: false,
    temperature: body.temperature ?? null,
    text: { format: body.text?.format ?? { type: 'text' } },
    tool_choice: 'none',
    tools: [],
    top_p: body.top_p ?? null,
    truncation: 'auto',
    usage: null,
  };
}

function end(
  response: ResponseObject,
  message: OutputMessage,
  { finishReason, usage, extension }: Outcome,
): ResponseObject {
  const isCut = finishReason === 'length';
  const { promptTokens, cachedTokens, completionTokens } = usage;
  return {
    ...response,
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: [message],
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
      output_tokens: completionTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: promptTokens + completionTokens,
    },
    looktwice: extension,
  };
}

/** `POST /v1/responses`: the answer as one value, or as events while it comes about. Nothing of it is stored. */
export async function answerResponse(owner: Owner, request: Request): Promise<Response> {
  const { request: body, question } = await readResponsesRequest(request);
  await requireModel(body.model);
  const turn = await prepareTurn(owner, question);
  const response = begin(`resp_${newId()}`, body);
  const itemId = `msg_${newId()}`;
  const finished = (outcome: Outcome) =>
    toMessage(itemId, outcome.text, outcome.finishReason === 'length' ? 'incomplete' : 'completed');
  if (body.stream !== true) {
    const ignore = () => undefined;
    const reader = { onText: ignore, onExtension: ignore, onProgress: ignore };
    const outcome = await runAnswer(owner, question, turn, reader, request.signal).finally(turn.dispose);
    return Response.json(end(response, finished(outcome), outcome), { headers: { 'cache-control': 'no-store' } });
  }
  let sequence = 0;
  return streamAnswer(request, {
    async run(write, started, signal) {
      const at = { item_id: itemId, output_index: 0, content_index: 0 };
      const put = (type: string, value: Record<string, unknown>) => {
        write.data({ type, sequence_number: sequence, ...value }, type);
        sequence += 1;
      };
      let isOpen = false;
      const open = () => {
        if (!isOpen) {
          isOpen = true;
          put('response.created', { response });
          put('response.in_progress', { response });
          put('response.output_item.added', { output_index: 0, item: toMessage(itemId, '', 'in_progress') });
          put('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
        }
      };
      const reader = {
        onText: (delta: string) => put('response.output_text.delta', { ...at, delta, logprobs: [] }),
        // Clients refuse events that they do not know, so it comes with a piece of text that is empty.
        onExtension: (extension: Extension) =>
          put('response.output_text.delta', { ...at, delta: '', logprobs: [], looktwice: extension }),
        onProgress: (stage: string) => {
          started();
          open();
          write.comment(stage);
        },
      };
      const outcome = await runAnswer(owner, question, turn, reader, signal).finally(turn.dispose);
      open();
      const message = finished(outcome);
      put('response.output_text.done', { ...at, text: outcome.text, logprobs: [] });
      put('response.content_part.done', { ...at, part: message.content[0] });
      put('response.output_item.done', { output_index: 0, item: message });
      const whole = end(response, message, outcome);
      put(whole.status === 'incomplete' ? 'response.incomplete' : 'response.completed', { response: whole });
    },
    fail(write, { code, message }) {
      const failed: ResponseObject = { ...response, status: 'failed', error: { code, message } };
      write.data({ type: 'response.failed', sequence_number: sequence, response: failed }, 'response.failed');
    },
  });
}
