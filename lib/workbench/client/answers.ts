/**
 * What the server's answers are checked with. Apart from `api.ts`, which loads it with its first answer: the schemas
 * are heavy, and a page that is just opening can be written into without them.
 */
import { errorBodySchema } from '@/lib/contract';
import { ApiError } from './api-error';

export * from '@/lib/contract';
export {
  batchJobSchema,
  calibrationReportSchema,
  datasetDetailSchema,
  datasetInfoSchema,
  datasetListSchema,
  draftJobSchema,
  importJobSchema,
  importProblemsSchema,
  itemsResponseSchema,
  referencesSchema,
} from '@/lib/datasets/contract';
export { benchmarkListSchema, benchmarkSchema } from '@/lib/evaluation/benchmark-contract';
export { partDetailSchema, partListSchema, previewSchema } from '@/lib/parts/contract';
export { shareCreatedSchema, shareForkedSchema, shareListSchema, shareSchema } from '@/lib/sharing/contract';

/** Reads an error body; anything that is not ours gets a sentence of its own. */
export function apiErrorOf(status: number, body: string): ApiError {
  const parsed = errorBodySchema.safeParse(parse(body));
  if (!parsed.success) {
    const message = `The server answered ${status} without an explanation. Try again, and look into its log if it stays.`;
    return new ApiError(message, 'unexpected', status);
  }
  const { code, message, requestId } = parsed.data.error;
  // What is wrong with a request is said; what is wrong with the server is in its log, under this id.
  const isOfServer = status >= 500 && requestId !== undefined;
  return new ApiError(isOfServer ? `${message} (request ${requestId})` : message, code, status);
}

/** JSON, or null for what is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
