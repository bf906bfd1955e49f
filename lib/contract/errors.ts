import { z } from 'zod';

/** The closed set of error codes and the HTTP status that each one answers with. */
export const errorStatus = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  cross_origin: 403,
  /** Texts and pictures may not go to this engine before a person allows it. */
  consent_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_too_slow: 408,
  answer_running: 409,
  conflict: 409,
  gone: 410,
  body_too_large: 413,
  image_too_large: 413,
  image_too_many_pixels: 413,
  /** An account has as much as it may have. */
  quota_exceeded: 413,
  unsupported_image: 415,
  unreadable_image: 422,
  too_many_requests: 429,
  internal: 500,
  model_unavailable: 503,
  database_unavailable: 503,
  queue_full: 503,
  shutting_down: 503,
  disk_full: 507,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorStatus;

const codes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];
export const errorCodeSchema = z.enum(codes);

/** Body of every answer that is not a success. `message` is one sentence for people that says what to do. */
export const errorBodySchema = z.object({
  error: z.object({
    code: errorCodeSchema,
    message: z.string(),
    requestId: z.string().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
