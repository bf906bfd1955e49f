import { DoorError } from './door-error';

type Body = Readonly<Record<string, unknown>>;

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);

function refuse(param: string, message: string): never {
  throw new DoorError(message, { param, openAiCode: 'unsupported_parameter' });
}

/** Fields that ask for something that no answer of this model can have, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  functions: 'functions are not called by this model: leave the field out',
  logprobs: 'logprobs are not told: leave the field out',
  top_logprobs: 'top_logprobs are not told: leave the field out',
  audio: 'audio is not spoken: leave the field out',
  background: 'background is not offered: stream the answer instead',
  previous_response_id:
    'previous_response_id needs stored answers, and nothing of /v1 is stored: send all messages again',
  conversation: 'conversation needs stored answers, and nothing of /v1 is stored: send all messages again',
  prompt: 'prompt templates are not stored here: send the messages themselves',
};

/** Fields without effect; the answer names those that were sent. */
const IGNORED = ['frequency_penalty', 'presence_penalty', 'logit_bias', 'reasoning', 'reasoning_effort', 'verbosity'];

function checkTools(body: Body): string[] {
  const { tools, tool_choice: choice } = body;
  if (!isSet(tools)) {
    return [];
  }
  if (choice !== undefined && choice !== null && choice !== 'auto' && choice !== 'none') {
    refuse('tool_choice', 'This model calls no tools, so tool_choice must be auto or none');
  }
  return ['tools'];
}

function checkMessages(body: Body): void {
  const [field, list] = Array.isArray(body['messages']) ? ['messages', body['messages']] : ['input', body['input']];
  if (!Array.isArray(list)) {
    return;
  }
  for (const [index, item] of (list as unknown[]).entries()) {
    const message = typeof item === 'object' && item !== null ? (item as Body) : {};
    const param = `${String(field)}.${index}`;
    if (message['role'] === 'tool' || message['role'] === 'function') {
      refuse(`${param}.role`, `${param} is the result of a tool, and this model calls none: leave it out`);
    }
    if (isSet(message['tool_calls']) || isSet(message['function_call'])) {
      refuse(param, `${param} calls a tool, and this model knows none: leave it out`);
    }
    const type = message['type'];
    if (field === 'input' && typeof type === 'string' && type !== 'message') {
      refuse(
        `${param}.type`,
        `${param} is of the type ${type.slice(0, 60)}, only messages are understood: leave it out`,
      );
    }
  }
}

/**
 * Looks through a request for what this server does not do.
 * @returns fields that it passes over and that would have changed the answer elsewhere
 * @throws DoorError naming the first field that cannot be passed over
 */
export function checkSupport(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return [];
  }
  const fields = body as Body;
  for (const [field, message] of Object.entries(REFUSED)) {
    if (isSet(fields[field])) {
      refuse(field, message);
    }
  }
  if (typeof fields['n'] === 'number' && fields['n'] > 1) {
    refuse('n', 'n must be 1: ask again for another answer');
  }
  if (Array.isArray(fields['modalities']) && fields['modalities'].some((kind) => kind !== 'text')) {
    refuse('modalities', 'modalities must be ["text"]: this model writes text only');
  }
  checkMessages(fields);
  const ignored = IGNORED.filter((field) => isSet(fields[field]) && fields[field] !== 0);
  return [...checkTools(fields), ...ignored];
}
