/**
 * The address that a request came from: the last entry of X-Forwarded-For, which the server that spoke to the client
 * wrote (lib/http/true-address, or the proxy in front). Earlier entries are the client's own claims.
 */
export function clientAddress(request: Request): string {
  return request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? 'direct';
}
