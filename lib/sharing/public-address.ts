/** Whether the browser spoke https, by what the proxy in front says (Next.js itself sets the header otherwise). */
export function isSecureRequest(headers: Headers): boolean {
  return headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
}

/** The address under which a request reached this server, e.g. `http://127.0.0.1:3000`. */
export function publicOrigin(headers: Headers): string {
  const host = headers.get('host') ?? '127.0.0.1';
  const origin = `${isSecureRequest(headers) ? 'https' : 'http'}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : 'http://127.0.0.1';
}
