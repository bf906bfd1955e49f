import { z } from 'zod';
import { readJson } from '@/lib/http/body';

import {
  REQUEST_BYTES,
  chatRequestSchema,
  responsesRequestSchema,
  type ChatCompletionRequest,
  type ChatMessage,
  type InputMessage,
  type ResponsesRequest,
} from './contract';
import { DoorError } from './door-error';
import {
  askedMessage,
  settingsOf,
  takeTurns,
  type AnswerFormat,
  type AskedMessage,
  type Part,
  type Question,
} from './question';
import { checkFormatSchema } from './schema-fit';
import { checkSupport } from './unsupported';

type Read<Body> = { request: Body; question: Question };

/** "messages.1.content.0.type: ..." for the first field that is wrong, the deepest of a union's complaints. */
function firstIssue(issues: readonly z.core.$ZodIssue[], path: readonly PropertyKey[] = []): [string, string] {
  const [issue] = issues;
  if (issue === undefined) {
    return ['', 'unknown'];
  }
  const here = [...path, ...issue.path];
  if (issue.code === 'invalid_union') {
    const deepest = [...issue.errors].sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0] ?? [];
    if (deepest.length > 0) {
      return firstIssue(deepest, here);
    }
  }
  return [here.map(String).join('.'), issue.message];
}

async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<{ body: z.output<Schema>; ignored: string[] }> {
  const raw = await readJson(request, z.unknown(), REQUEST_BYTES);
  const ignored = checkSupport(raw);
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [param, message] = firstIssue(parsed.error.issues);
    throw new DoorError(`${param === '' ? 'The request' : `The field ${param}`} is wrong: ${message}`, {
      ...(param !== '' && { param }),
    });
  }
  return { body: parsed.data, ignored };
}

function formatOf(
  format:
    { type: 'text' | 'json_object' } | { type: 'json_schema'; schema: Record<string, unknown> } | null | undefined,
  param: string,
): AnswerFormat {
  if (format === null || format === undefined || format.type === 'text') {
    return { type: 'text' };
  }
  if (format.type === 'json_schema') {
    checkFormatSchema(format.schema, param);
    return { type: 'json', schema: format.schema };
  }
  return { type: 'json', schema: null };
}

/** A message of either side; null for instructions, which the model's own take the place of. */
function chatMessage(message: ChatMessage, field: string): AskedMessage | null {
  switch (message.role) {
    case 'system':
    case 'developer':
      return null;
    case 'assistant': {
      const { content } = message;
      const texts = typeof content === 'string' ? [content] : (content ?? []).flatMap(({ text }) => text ?? []);
      return askedMessage(
        'assistant',
        texts.map((text) => ({ kind: 'text', text })),
        field,
      );
    }
    case 'user': {
      const { content } = message;
      const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
      return askedMessage(
        'user',
        parts.map((part, index): Part =>
          part.type === 'text'
            ? { kind: 'text', text: part.text }
            : {
                kind: 'image',
                url: part.image_url.url,
                role: part.looktwice?.role ?? 'subject',
                field: `${field}.content.${index}.image_url.url`,
              },
        ),
        field,
      );
    }
  }
}

function inputMessage({ role, content }: InputMessage, field: string): AskedMessage | null {
  if (role === 'system' || role === 'developer') {
    return null;
  }
  const parts = typeof content === 'string' ? [{ type: 'input_text' as const, text: content }] : content;
  return askedMessage(
    role,
    parts.map((part, index): Part => {
      if (part.type === 'input_image') {
        const where = `${field}.content.${index}.image_url`;
        return { kind: 'image', url: part.image_url, role: part.looktwice?.role ?? 'subject', field: where };
      }
      return { kind: 'text', text: part.type === 'refusal' ? part.refusal : part.text };
    }),
    field,
  );
}

/** Leaves out the instructions and notes where they stood. */
function withoutInstructions(
  messages: readonly (AskedMessage | null)[],
  field: string,
  ignored: string[],
): AskedMessage[] {
  return messages.flatMap((message, index) => {
    if (message === null) {
      ignored.push(`${field}.${index}`);
      return [];
    }
    return [message];
  });
}

/** Reads `POST /v1/chat/completions`. @throws DoorError naming the field */
export async function readChatRequest(request: Request): Promise<Read<ChatCompletionRequest>> {
  const { body, ignored } = await readBody(request, chatRequestSchema);
  const messages = withoutInstructions(
    body.messages.map((message, index) => chatMessage(message, `messages.${index}`)),
    'messages',
    ignored,
  );
  const { stop, response_format: format } = body;
  const flat = format?.type === 'json_schema' ? { type: format.type, schema: format.json_schema.schema } : format;
  return {
    request: body,
    question: {
      messages: takeTurns(messages),
      settings: settingsOf(body, body.max_completion_tokens ?? body.max_tokens),
      stop: typeof stop === 'string' ? [stop] : (stop ?? []),
      format: formatOf(flat, 'response_format.json_schema.schema'),
      ignored,
    },
  };
}

/** Reads `POST /v1/responses`. @throws DoorError naming the field */
export async function readResponsesRequest(request: Request): Promise<Read<ResponsesRequest>> {
  const { body, ignored } = await readBody(request, responsesRequestSchema);
  if (typeof body.instructions === 'string' && body.instructions !== '') {
    ignored.push('instructions');
  }
  const { input } = body;
  const messages =
    typeof input === 'string'
      ? [askedMessage('user', [{ kind: 'text', text: input }], 'input')]
      : withoutInstructions(
          input.map((message, index) => inputMessage(message, `input.${index}`)),
          'input',
          ignored,
        );
  return {
    request: body,
    question: {
      messages: takeTurns(messages),
      settings: settingsOf(body, body.max_output_tokens),
      stop: [],
      format: formatOf(body.text?.format, 'text.format.schema'),
      ignored,
    },
  };
}
