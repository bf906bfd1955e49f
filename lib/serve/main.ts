import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import next from 'next';
import { holdDataDirectory } from '@/lib/database/directory-lock';
import { projectRoot } from '@/lib/common/paths';
import { observe } from '@/lib/engine/telemetry';
import { setting } from '@/lib/env';
import { beginRequest } from '@/lib/http/in-flight';
import { REQUEST_ID } from '@/lib/http/request-id';
import { makePrivate } from '@/lib/storage/make-private';
import { dataDirectory } from '@/lib/storage/data-directory';
import { MAX_PER_ADDRESS, boundConnections } from './connections';
import { refuse, type Refusal } from './gatekeeper';
import { transportHeaders } from './transport-headers';
import { startWatchdog } from './watchdog';

/** Time for the first line and the headers of a request, in ms. */
const HEADERS_MS = 20_000;
/** How often Node.js looks for connections that are over their time, in ms. */
const CHECK_MS = 5_000;
/**
 * How long an idle connection is kept, in ms: longer than proxies keep theirs, else one may send into a connection that
 * is just being closed.
 */
const KEEP_ALIVE_MS = 65_000;
/** How long the rest of a body may go on coming after the answer was given, in ms. */
const LINGER_MS = 3_000;

function sendRefusal(response: ServerResponse, { status, code, message, headers }: Refusal, requestId: string): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code, message, requestId } }));
}

/**
 * An answer can be given before the body has come (401, 413): the sender then gets a moment to read it, and is cut off.
 */
function endUnreadBody(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (!request.complete) {
      setTimeout(() => {
        if (!request.complete) {
          request.socket.destroy();
        }
      }, LINGER_MS).unref();
    }
  });
}

export type Address = { host: string; port: number };

/**
 * Makes this process the only server of its data directory.
 * @throws Error saying who holds it
 */
export function hold({ port }: Address): Promise<void> {
  return holdDataDirectory(dataDirectory(), `the server on port ${port}`);
}

/**
 * Serves the built application until the process ends (lib/serve/shutdown ends it on a signal).
 * @throws Error saying who holds the data directory, or why the address cannot be listened on
 */
export async function serve({ host, port }: Address): Promise<void> {
  await hold({ host, port });
  // What the server writes is its owner's alone, and so is what an earlier version wrote.
  process.umask(0o077);
  await makePrivate(dataDirectory());
  // As the arguments of `next start` would say it; lib/auth/prepare-access reads them.
  process.argv = [...process.argv.slice(0, 2), '--hostname', host, '--port', String(port)];
  process.title = 'looktwice';
  const app = next({ dev: false, dir: projectRoot(), hostname: host, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const transport = Object.entries(transportHeaders());
  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      // Bodies may be archives of many gigabytes; each route watches over the speed of its own (lib/http/receive).
      requestTimeout: 0,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      const requestId = randomUUID();
      request.headers[REQUEST_ID] = requestId;
      response.setHeader(REQUEST_ID, requestId);
      endUnreadBody(request, response);
      response.once('finish', () => observe({ what: 'responded', status: response.statusCode }));
      transport.forEach(([name, value]) => response.setHeader(name, value));
      response.once('close', beginRequest());
      const refused = refuse(request.method ?? '', request.url ?? '');
      if (refused !== null) {
        sendRefusal(response, refused, requestId);
        return;
      }
      handle(request, response).catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        if (!response.headersSent) {
          response.writeHead(500);
        }
        response.end();
      });
    },
  );
  boundConnections(server, setting('LOOKTWICE_PROXY') === true ? null : MAX_PER_ADDRESS);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  startWatchdog();
}
