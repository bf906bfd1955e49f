import { SECURITY_HEADERS } from '@/lib/http/security-headers';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Routes; every other address is a page or a built file, which takes nothing. */
const ROUTE = /^\/(api|v1|mcp)(\/|$)/;
/** Next.js would fetch, resize and keep pictures here, whoever may see them; ours are served by routes that ask. */
const IMAGE_OPTIMISER = /^\/_next\/image(\/|$)/;

export type Refusal = { status: number; code: string; message: string; headers: Record<string, string> };

const refusal = (status: number, code: string, message: string, headers: Record<string, string> = {}): Refusal => ({
  status,
  code,
  message,
  headers: { ...SECURITY_HEADERS, 'cache-control': 'no-store', ...headers },
});

function isReadable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}

/**
 * What is refused by its first line alone, before Next.js or a body is touched: methods and addresses that nothing here
 * understands, and bodies sent to pages, which would be kept in memory until somebody looks at them. Null lets the
 * request in.
 */
export function refuse(method: string, url: string): Refusal | null {
  const path = url.split('?', 1)[0] ?? '';
  if (!path.startsWith('/') || !isReadable(path)) {
    return refusal(400, 'invalid_request', 'The address of the request cannot be read: check how it is encoded');
  }
  if (IMAGE_OPTIMISER.test(path)) {
    return refusal(404, 'not_found', 'There is no such page');
  }
  const allowed = ROUTE.test(path) ? METHODS : ['GET', 'HEAD'];
  if (!allowed.includes(method)) {
    const allow = allowed.join(', ');
    return refusal(405, 'method_not_allowed', `${method} is not accepted here: use one of ${allow}`, { allow });
  }
  return null;
}
