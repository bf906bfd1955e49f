import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ErrorBody } from '@/lib/assistant/contract';
import { authorise } from '@/lib/auth/authorise';
import type { Permission } from '@/lib/auth/permissions';
import type { Principal } from '@/lib/auth/principal';
import { toAppError } from './known-errors';
import { AppError } from './app-error';
import { clientAddress } from './client-address';
import { log } from './log';
import { RateLimiter, type RateRule } from './rate-limit';

/** What a handler gets. `principal` is null for public routes only. */
export type RouteContext<Access extends Permission, Params> = {
  request: Request;
  params: Params;
  principal: Access extends 'public' ? null : Principal;
  requestId: string;
  log: Logger;
};

type Rule<Access extends Permission> = { access: Access; rate?: RateRule };

export type RouteHandler = ((request: Request, context: { params: Promise<unknown> }) => Promise<Response>) & {
  /** What the route asks for; the test that walks all routes reads it. */
  readonly access: Permission;
};

const limiter = new RateLimiter();

function errorResponse(error: AppError, requestId: string): Response {
  const body: ErrorBody = { error: { code: error.code, message: error.message, requestId } };
  const headers: Record<string, string> = { 'x-request-id': requestId, 'cache-control': 'no-store' };
  if (error.retryAfterSeconds !== undefined) {
    headers['retry-after'] = String(error.retryAfterSeconds);
  }
  return Response.json(body, { status: error.status, headers });
}

/**
 * Makes a route handler: authorises, limits the rate per account and address, gives the request an id that the log, the answer and the error carry, and turns what is
 * thrown into the error body of the contract. Only an `internal` error hides its message.
 */
export function route<Params = Record<string, never>, Access extends Permission = Permission>(
  rule: Rule<Access>,
  handler: (context: RouteContext<Access, Params>) => Promise<Response> | Response,
): RouteHandler {
  const handle = async (request: Request, context: { params: Promise<unknown> }): Promise<Response> => {
    const requestId = randomUUID();
    const path = new URL(request.url).pathname;
    const requestLog = log.child({ requestId, method: request.method, path });
    const started = performance.now();
    try {
      const principal = await authorise(request, rule.access);
      if (rule.rate !== undefined) {
        const wait = limiter.take(`${principal?.userId ?? ''} ${clientAddress(request)} ${rule.rate.name}`, rule.rate);
        if (wait > 0) {
          throw new AppError('too_many_requests', `Too many requests: wait ${wait} s`, { retryAfterSeconds: wait });
        }
      }
      const params = (await context.params) as Params;
      const response = await handler({
        request,
        params,
        principal: principal as RouteContext<Access, Params>['principal'],
        requestId,
        log: requestLog,
      });
      response.headers.set('x-request-id', requestId);
      // Health checks come every few seconds.
      const level = rule.access === 'public' ? 'debug' : 'info';
      requestLog[level]({ status: response.status, ms: Math.round(performance.now() - started) }, 'answered');
      return response;
    } catch (thrown) {
      const error = toAppError(thrown);
      const level = error.status >= 500 ? 'error' : 'info';
      requestLog[level](
        { status: error.status, code: error.code, ...(level === 'error' && { err: thrown }) },
        'refused',
      );
      return errorResponse(error, requestId);
    }
  };
  return Object.assign(handle, { access: rule.access });
}
