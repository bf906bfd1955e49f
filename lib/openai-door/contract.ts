import { z } from 'zod';
import {
  bboxSchema,
  bucketSchema,
  checklistPartSchema,
  findingSchema,
  followupSchema,
  judgementSchema,
  limits,
  modelVerdictSchema,
  noticePartSchema,
  rleSchema,
  timingsPartSchema,
} from '@/lib/contract';

/** Requests and answers of `/v1`, as OpenAI's API has them, and what LookTwice adds to them (docs/api-clients.md). */

/** Bytes of one request, pictures included. */
export const REQUEST_BYTES = 48 * 2 ** 20;
/** Longest answer that the embedded model writes; a larger wish gets this. */
export const MAX_ANSWER_TOKENS = 1024;
const MAX_MESSAGES = 200;
const MAX_STOPS = 4;

/** `reference` marks a picture of a good part, to compare with. */
const marks = { looktwice: z.object({ role: z.enum(['subject', 'reference']) }).optional() };

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string().meta({ description: 'A data URI: data:image/png;base64,...' }) }),
  ...marks,
});

const saidByClient = z.union([z.string(), z.array(textPart)]);
const chatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: saidByClient }),
  z.object({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart])).min(1)]),
  }),
  z.object({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).nullish(),
  }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;

const jsonSchemaFormat = {
  name: z.string().min(1).max(64),
  strict: z.boolean().nullish(),
  schema: z.record(z.string(), z.unknown()),
};
const chatFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({ type: z.literal('json_schema'), json_schema: z.object(jsonSchemaFormat) }),
]);

const sampling = {
  model: z.string().min(1).max(200).meta({ description: 'looktwice, or an id of GET /v1/models' }),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.int().nullish(),
};

/**
 * `POST /v1/chat/completions`. Fields that are not here are passed over; some are refused
 * (lib/openai-door/unsupported).
 */
export const chatRequestSchema = z.object({
  ...sampling,
  messages: z.array(chatMessage).min(1).max(MAX_MESSAGES),
  stop: z.union([z.string(), z.array(z.string()).max(MAX_STOPS)]).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: chatFormat.nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});
export type ChatCompletionRequest = z.infer<typeof chatRequestSchema>;

const inputContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({ type: z.literal('output_text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({
    type: z.literal('input_image'),
    image_url: z.string().meta({ description: 'A data URI: data:image/png;base64,...' }),
    ...marks,
  }),
]);
const inputMessage = z.object({
  type: z.literal('message').default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(inputContent).min(1)]),
});
export type InputMessage = z.infer<typeof inputMessage>;

const responsesFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({ type: z.literal('json_schema'), ...jsonSchemaFormat }),
]);

/** `POST /v1/responses` */
export const responsesRequestSchema = z.object({
  ...sampling,
  input: z.union([z.string(), z.array(inputMessage).min(1).max(MAX_MESSAGES)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  text: z.object({ format: responsesFormat.nullish() }).nullish(),
});
export type ResponsesRequest = z.infer<typeof responsesRequestSchema>;

const fraction = z.number().min(0).max(1);

const seenSchema = z.object({
  /** Position of the picture among those of the request, the first is 1. */
  image: z.int().positive(),
  sha256: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  ...judgementSchema.shape,
  /** Calibrated suspicion, 0..1. */
  score: fraction,
  bucket: bucketSchema,
  regions: z.array(
    z.object({ id: z.string(), bbox: bboxSchema, area_px: z.number(), score: fraction, place: z.string() }),
  ),
});
const markedSchema = z.object({
  image: z.int().positive(),
  rle: rleSchema,
  bbox: bboxSchema,
  area_fraction: fraction,
  label: z.string(),
  score: fraction,
});
const foundSchema = z.object({
  image: z.int().positive(),
  type: z.string(),
  place: z.string(),
  severity: findingSchema.shape.severity,
  extent_percent: z.number(),
  area_px: z.number(),
  bbox: bboxSchema,
  score: fraction,
});

/** The field `looktwice` of an answer: what was measured. In a stream its parts come in the chunk of the moment. */
export const extensionSchema = z.object({
  inspections: z.array(seenSchema).optional(),
  masks: z.array(markedSchema).optional(),
  findings: z.array(foundSchema).optional(),
  /** What the product itself says beside an answer, such as that the picture cannot be judged. */
  notices: z.array(noticePartSchema.omit({ imageId: true }).extend({ image: z.int().positive() })).optional(),
  sources: z.array(z.object({ kind: z.string(), id: z.string(), title: z.string() })).optional(),
  checklists: z.array(checklistPartSchema).optional(),
  followups: z.array(followupSchema).optional(),
  timings: timingsPartSchema.optional(),
  /** Fields of the request that had no effect. */
  ignored: z.array(z.string()).optional(),
  bundle: z.string().optional(),
});
export type Extension = z.infer<typeof extensionSchema>;
export type Seen = z.infer<typeof seenSchema>;
export type Found = z.infer<typeof foundSchema>;

/** The content of an answer in JSON mode; a client's own schema may ask for a part of it. */
export const jsonAnswerSchema = z.object({
  verdict: z.enum([...modelVerdictSchema.options, 'unknown']).meta({ description: 'unknown without a picture' }),
  is_anomalous: z.boolean().nullable().meta({ description: 'null without a picture, and where the model is unsure' }),
  probability: fraction.nullable(),
  score: fraction.nullable(),
  bucket: bucketSchema.nullable(),
  answer: z.string(),
  findings: z.array(foundSchema),
});
export type JsonAnswer = z.infer<typeof jsonAnswerSchema>;

export const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.literal('looktwice'),
});
export const modelListSchema = z.object({ object: z.literal('list'), data: z.array(modelSchema) });

const chatUsageSchema = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }),
});
const finishSchema = z.enum(['stop', 'length']);

export const chatCompletionSchema = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  system_fingerprint: z.string(),
  choices: z.array(
    z.object({
      index: z.literal(0),
      message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      logprobs: z.null(),
      finish_reason: finishSchema,
    }),
  ),
  usage: chatUsageSchema,
  looktwice: extensionSchema,
});
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;

export const chatChunkSchema = z.object({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  system_fingerprint: z.string(),
  choices: z.array(
    z.object({
      index: z.literal(0),
      delta: z.object({ role: z.literal('assistant').optional(), content: z.string().optional() }),
      logprobs: z.null(),
      finish_reason: finishSchema.nullable(),
    }),
  ),
  usage: chatUsageSchema.nullable().optional(),
  looktwice: extensionSchema.optional(),
});
export type ChatChunk = z.infer<typeof chatChunkSchema>;

const outputMessageSchema = z.object({
  id: z.string(),
  type: z.literal('message'),
  status: z.enum(['in_progress', 'completed', 'incomplete']),
  role: z.literal('assistant'),
  content: z.array(
    z.object({
      type: z.literal('output_text'),
      text: z.string(),
      annotations: z.array(z.never()),
      logprobs: z.array(z.never()),
    }),
  ),
});
export type OutputMessage = z.infer<typeof outputMessageSchema>;

export const responseSchema = z.object({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.int(),
  status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.object({ reason: z.literal('max_output_tokens') }).nullable(),
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  metadata: z.object({}),
  model: z.string(),
  output: z.array(outputMessageSchema),
  parallel_tool_calls: z.literal(false),
  previous_response_id: z.null(),
  store: z.literal(false),
  temperature: z.number().nullable(),
  text: z.object({ format: z.looseObject({ type: z.string() }) }),
  tool_choice: z.literal('none'),
  tools: z.array(z.never()),
  top_p: z.number().nullable(),
  truncation: z.literal('auto'),
  usage: z
    .object({
      input_tokens: z.int(),
      input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
      output_tokens: z.int(),
      output_tokens_details: z.object({ reasoning_tokens: z.int() }),
      total_tokens: z.int(),
    })
    .nullable(),
  looktwice: extensionSchema.optional(),
});
export type ResponseObject = z.infer<typeof responseSchema>;

/** Body of every refusal below `/v1`. */
export const doorErrorSchema = z.object({
  error: z.object({
    message: z.string(),
    type: z.enum(['invalid_request_error', 'permission_error', 'rate_limit_error', 'server_error']),
    param: z.string().nullable(),
    code: z.string(),
    request_id: z.string(),
  }),
});

/** Characters of one message; what is longer than the context is refused. */
export const MESSAGE_LENGTH = limits.textLength;
