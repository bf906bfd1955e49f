import type { RouteHandler } from '@/lib/handler/route';

type Options = {
  method?: string;
  params?: Record<string, string>;
  json?: unknown;
  body?: BodyInit | Uint8Array;
  headers?: Record<string, string>;
};

/** Calls a route handler as the server would: a request from this machine to `path`. */
export async function call(handler: RouteHandler, path: string, options: Options = {}): Promise<Response> {
  const { method = options.json === undefined && options.body === undefined ? 'GET' : 'POST', params = {} } = options;
  const init = {
    method,
    headers: {
      host: '127.0.0.1:3000',
      ...(options.json !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.json !== undefined && { body: JSON.stringify(options.json) }),
    ...(options.body !== undefined && { body: options.body as BodyInit }),
    duplex: 'half',
  } as RequestInit;
  return handler(new Request(`http://127.0.0.1:3000${path}`, init), { params: Promise.resolve(params) });
}
