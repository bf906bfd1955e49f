import { randomUUID } from 'node:crypto';
import { AppError } from './app-error';

/**
 * The header in which lib/serve gives every request its id, in the place of whatever a client sent, and in which every
 * answer carries it.
 */
export const REQUEST_ID = 'x-request-id';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a request; a new one where no server of ours has given it one (`npm run dev`, tests). */
export function requestIdOf(headers: Headers): string {
  const given = headers.get(REQUEST_ID);
  return given !== null && ID.test(given) ? given : randomUUID();
}

/**
 * An error as people see it who get no JSON: a failure of the server names the request, so that its lines are found in
 * the log.
 */
export function nameRequest(error: AppError, requestId: unknown): AppError {
  return error.status < 500 || typeof requestId !== 'string'
    ? error
    : new AppError(error.code, `${error.message} (request ${requestId})`, { cause: error.cause });
}
