import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server';
import { CROSS_ORIGIN_MESSAGE, isSameOriginWrite } from '@/lib/auth/same-origin';
import { setting } from '@/lib/env';
import { AppError } from '@/lib/http/app-error';
import { clientAddress } from '@/lib/http/client-address';
import { networkOf } from '@/lib/http/network';
import { limitRate, type RateRule } from '@/lib/http/rate-limit';
import { REQUEST_ID, requestIdOf } from '@/lib/http/request-id';
import { NO_ROBOTS, SECURITY_HEADERS } from '@/lib/http/security-headers';

/**
 * Scripts run only with this request's nonce (Next.js puts it on its own); nothing comes from another site. Styles may
 * be inline, since components place things with style attributes, which nonces do not cover. Development needs eval and
 * a web socket for reloads.
 */
function contentSecurityPolicy(nonce: string, frameAncestors: string): string {
  const development = setting('NODE_ENV') === 'development';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');
}

/** The page of a link for frames of other sites; it shows something only if the link allows that. */
const EMBED = /^\/s\/[^/]+\/embed$/;

/**
 * Pages of links need no account and read a whole conversation each; routes have limits of their own (lib/http/route).
 */
const SHARED_PAGE: RateRule = { name: 'shared page', burst: 60, perMinute: 60 };

/** The answer to an address that asks for too many pages of links, or null. */
function refuseFlood(request: NextRequest): NextResponse | null {
  try {
    limitRate(networkOf(clientAddress(request)), SHARED_PAGE);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) {
      throw error;
    }
    const headers = {
      ...SECURITY_HEADERS,
      'retry-after': String(error.retryAfterSeconds ?? 1),
      'cache-control': 'no-store',
    };
    return new NextResponse(`${error.message}\n`, { status: error.status, headers });
  }
}

/**
 * Refuses writes from other sites and floods of shared pages, and gives every page its policy and headers. Routes do
 * not pass here: Next.js would keep their bodies in memory, ten megabytes of each, before anybody has asked who sends
 * them. `route` (lib/http) refuses, and sets the headers, by itself.
 */
export function proxy(request: NextRequest): NextResponse {
  if (!isSameOriginWrite(request.method, request.headers)) {
    const requestId = requestIdOf(request.headers);
    const error = { code: 'cross_origin', message: CROSS_ORIGIN_MESSAGE, requestId };
    return NextResponse.json({ error }, { status: 403, headers: { [REQUEST_ID]: requestId } });
  }
  const { pathname } = request.nextUrl;
  const refused = pathname.startsWith('/s/') ? refuseFlood(request) : null;
  if (refused !== null) {
    return refused;
  }
  const nonce = randomBytes(16).toString('base64');
  const embed = EMBED.test(pathname);
  const policy = contentSecurityPolicy(nonce, embed ? 'http: https:' : "'none'");
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  // Where to come back to after a sign-in (lib/http/page).
  headers.set('x-path', request.nextUrl.pathname + request.nextUrl.search);
  // Pages cannot tell a HEAD request from a GET (lib/sharing/counts-as-view).
  headers.set('x-method', request.method);
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    response.headers.set(name, value);
  }
  if (embed) {
    response.headers.delete('x-frame-options');
  }
  if (pathname.startsWith('/s/')) {
    response.headers.set('x-robots-tag', NO_ROBOTS);
  }
  response.headers.set('content-security-policy', policy);
  return response;
}

// Built files are the same for everybody and need no policy; routes are left out, see above.
export const config = { matcher: ['/((?!_next/static|favicon.ico|api/|v1/|mcp$|healthz$|readyz$|metrics$).*)'] };
