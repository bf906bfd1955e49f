import type { Logger } from 'pino';
import type { ErrorBody } from '@/lib/contract';
import { authorise } from '@/lib/auth/authorise';
import type { Permission } from '@/lib/auth/permissions';
import type { Principal } from '@/lib/auth/principal';
import { observe } from '@/lib/engine/telemetry';
import { toAppError } from '@/lib/http/known-errors';
import { AppError } from '@/lib/http/app-error';
import { clientAddress } from '@/lib/http/client-address';
import { isClosing } from '@/lib/http/in-flight';
import { log } from '@/lib/http/log';
import { networkOf } from '@/lib/http/network';
import { limitRate, type RateRule } from '@/lib/http/rate-limit';
import { REQUEST_ID, requestIdOf } from '@/lib/http/request-id';
import { NO_ROBOTS, SECURITY_HEADERS } from '@/lib/http/security-headers';

/** What a handler gets. `principal` is null for public routes only. */
export type RouteContext<Access extends Permission, Params> = {
  request: Request;
  params: Params;
  principal: Access extends 'public' ? null : Principal;
  /** For the audit log. */
  source: { requestId: string; address: string };
  requestId: string;
  log: Logger;
};

/** @throws AppError shutting_down for what would change something while the server ends */
function refuseWhileClosing(method: string): void {
  if (isClosing() && method !== 'GET' && method !== 'HEAD') {
    throw new AppError('shutting_down', 'The server is restarting: try again in a moment', { retryAfterSeconds: 10 });
  }
}

/** Makes the body of a refusal; routes that speak another system's protocol have their own. */
export type ErrorBodyMaker = (error: AppError, requestId: string) => unknown;

type Rule<Access extends Permission> = {
  access: Access;
  /** Null: as often as one likes. */
  rate?: RateRule | null;
  /** Who is counted by something of their own in the place of their network; null: by the network. */
  countBy?: (request: Request) => string | null;
  errorBody?: ErrorBodyMaker;
};

export type RouteHandler = ((request: Request, context: { params: Promise<unknown> }) => Promise<Response>) & {
  /** What the route asks for; the test that walks all routes reads it. */
  readonly access: Permission;
};

/** For routes that name no rule of their own; a page of thumbnails asks for hundreds at once. */
const DEFAULT_RATE: RateRule = { name: 'any', burst: 2_000, perMinute: 6_000 };

/** For requests without a valid session or key. */
const REFUSED_RATE: RateRule = { name: 'refused', burst: 200, perMinute: 120 };

/** Addresses may stand for many people behind one router, so they get this many times what an account gets. */
const PER_ADDRESS = 4;

const ownErrorBody = (error: AppError, requestId: string): ErrorBody => ({
  error: { code: error.code, message: error.message, requestId },
});

function errorResponse(error: AppError, requestId: string, makeBody: ErrorBodyMaker): Response {
  const body = makeBody(error, requestId);
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (error.retryAfterSeconds !== undefined) {
    headers['retry-after'] = String(error.retryAfterSeconds);
  }
  return Response.json(body, { status: error.status, headers });
}

/** Authorises; an address that keeps coming without a valid session or key is told to wait. */
async function authoriseWithin(request: Request, access: Permission, address: string): Promise<Principal | null> {
  try {
    return await authorise(request, access);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthorized') {
      limitRate(networkOf(address), REFUSED_RATE);
    }
    throw error;
  }
}

/** Takes a token of the account and one of the address; whoever is nobody counts by address alone. */
function limitRequest(rate: RateRule | null, network: string, principal: Principal | null): void {
  if (rate === null) {
    return;
  }
  const people = principal === null ? 1 : PER_ADDRESS;
  limitRate(`address ${network}`, { ...rate, burst: rate.burst * people, perMinute: rate.perMinute * people });
  if (principal !== null) {
    limitRate(`account ${principal.userId}`, rate);
  }
}

/** Gives an answer the headers of every answer, unless the handler has chosen its own. */
function secure(response: Response, requestId: string, path: string): Response {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (!response.headers.has(name)) {
      response.headers.set(name, value);
    }
  }
  if (path.startsWith('/api/shared/')) {
    response.headers.set('x-robots-tag', NO_ROBOTS);
  }
  response.headers.set(REQUEST_ID, requestId);
  return response;
}

/**
 * Makes a route handler: authorises, limits the rate per account and address, gives the request an id that the log, the
 * answer and the error carry, and turns what is thrown into the error body of the contract. Only an `internal` error
 * hides its message.
 */
export function route<Params = Record<string, never>, Access extends Permission = Permission>(
  rule: Rule<Access>,
  handler: (context: RouteContext<Access, Params>) => Promise<Response> | Response,
): RouteHandler {
  const handle = async (request: Request, context: { params: Promise<unknown> }): Promise<Response> => {
    const requestId = requestIdOf(request.headers);
    // The token of a link opens it, so it stays out of the log.
    const path = new URL(request.url).pathname.replace(/^(\/api\/shared\/)[^/]+/, '$1…');
    const requestLog = log.child({ requestId, method: request.method, path });
    const started = performance.now();
    const address = clientAddress(request);
    try {
      const principal = await authoriseWithin(request, rule.access, address);
      limitRequest(
        rule.rate === undefined ? DEFAULT_RATE : rule.rate,
        rule.countBy?.(request) ?? networkOf(address),
        principal,
      );
      refuseWhileClosing(request.method);
      const params = (await context.params) as Params;
      const response = await handler({
        request,
        params,
        principal: principal as RouteContext<Access, Params>['principal'],
        source: { requestId, address },
        requestId,
        log: requestLog,
      });
      // Health checks come every few seconds.
      const level = rule.access === 'public' ? 'debug' : 'info';
      requestLog[level]({ status: response.status, ms: Math.round(performance.now() - started) }, 'answered');
      return secure(response, requestId, path);
    } catch (thrown) {
      const error = toAppError(thrown);
      observe({ what: 'refused', code: error.code });
      const level = error.status >= 500 ? 'error' : 'info';
      requestLog[level](
        { status: error.status, code: error.code, ...(level === 'error' && { err: thrown }) },
        'refused',
      );
      return secure(errorResponse(error, requestId, rule.errorBody ?? ownErrorBody), requestId, path);
    }
  };
  return Object.assign(handle, { access: rule.access });
}
