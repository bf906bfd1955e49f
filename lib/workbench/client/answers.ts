/**
 * What the server's answers are checked with. Apart from `api.ts`, which loads it with its first answer: the schemas are heavy, and a
 * page that is just opening can be written into without them.
 */
import { errorBodySchema } from '@/lib/assistant/contract';
import { ApiError } from './api-error';

export * from '@/lib/assistant/contract';
export { benchmarkListSchema, benchmarkSchema } from '@/lib/evaluation/benchmark-contract';
export { shareCreatedSchema, shareForkedSchema, shareListSchema, shareSchema } from '@/lib/sharing/contract';

/** Reads an error body; anything that is not ours gets a sentence of its own. */
export function apiErrorOf(status: number, body: string): ApiError {
  const parsed = errorBodySchema.safeParse(parse(body));
  return parsed.success
    ? new ApiError(parsed.data.error.message, parsed.data.error.code, status)
    : new ApiError(
        `The server answered ${status} without an explanation. Try again, and look into its log if it stays.`,
        'unexpected',
        status,
      );
}

/** JSON, or null for what is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
