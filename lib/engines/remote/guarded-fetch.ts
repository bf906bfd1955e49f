import { lookup } from 'node:dns';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type LookupFunction, isIP } from 'node:net';
import { EngineError } from '@/lib/engine/errors';
import type { RemoteEngine } from '../registry';
import { isPrivateAddress } from './addresses';
import { readErrorLines } from './error-lines';
import { notAnAnswer } from './faults';
import { RemoteError } from './remote-error';

/** Bytes of one answer; a long answer has some ten thousand. */
const MAX_ANSWER_BYTES = 8 * 2 ** 20;

const cancelled = () => new EngineError('cancelled', 'The work was cancelled.');

function forbidden(engine: RemoteEngine): RemoteError {
  return new RemoteError(
    'forbidden_address',
    `The address of ${engine.label} is on this machine or in a private network: ` +
      `set "private: true" for engines.${engine.name} if it is meant to be.`,
  );
}

/**
 * Resolves names; an address that may not be asked is none. The connection goes to the very address that was checked.
 */
function checkedLookup(engine: RemoteEngine): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
      } else if (!engine.config.private && addresses.some(({ address }) => isPrivateAddress(address))) {
        callback(forbidden(engine), '', 0);
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        const [first] = addresses;
        callback(null, first?.address ?? '', first?.family ?? 0);
      }
    });
  };
}

function unreachable(engine: RemoteEngine, error: NodeJS.ErrnoException): Error {
  return error instanceof EngineError
    ? error
    : new RemoteError(
        'unreachable',
        `${engine.label} cannot be reached at ${new URL(engine.config.url).host} (${error.code ?? 'no answer'}): ` +
          'see whether its server runs.',
      );
}

function redirected(engine: RemoteEngine, target: string | undefined, base: URL): RemoteError {
  let host = 'somewhere else';
  try {
    host = new URL(target ?? '', base).host;
  } catch {
    // A location that is no address is reported as such.
  }
  return new RemoteError(
    'redirect',
    `${engine.label} sends on to ${host}, which is not followed: enter the right address for engines.${engine.name}.url.`,
  );
}

function webPage(engine: RemoteEngine): RemoteError {
  return new RemoteError(
    'not_an_answer',
    `${engine.label} answers with a web page: engines.${engine.name}.url is not the address of an API; mostly that ends with /v1.`,
  );
}

/** The body of an answer, cut off with an error where it is too long or ends early. */
function bodyOf(engine: RemoteEngine, message: IncomingMessage): ReadableStream<Uint8Array> {
  let bytes = 0;
  // The last events of the connection may come after the reader has gone, and a closed stream throws at whoever closes
  // it again.
  let isOpen = true;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const fail = (error: RemoteError) => {
        if (isOpen) {
          isOpen = false;
          controller.error(error);
        }
        message.destroy();
      };
      message.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) {
          const limit = `${MAX_ANSWER_BYTES / 2 ** 20} MB`;
          fail(new RemoteError('too_large', `${engine.label} sent more than ${limit}: it was cut off.`));
        } else if (isOpen) {
          controller.enqueue(new Uint8Array(chunk));
          if ((controller.desiredSize ?? 0) <= 0) {
            message.pause();
          }
        }
      });
      message.on('end', () => {
        if (isOpen) {
          isOpen = false;
          controller.close();
        }
      });
      message.on('error', () => fail(new RemoteError('cut', `${engine.label} broke off in mid-answer.`)));
    },
    pull() {
      message.resume();
    },
    cancel() {
      isOpen = false;
      message.destroy();
    },
  });
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    headers.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''));
  }
  return headers;
}

/**
 * A `fetch` for one engine: asks its address only, follows no redirect, reaches private networks only where the
 * administrator says so, and stops at answers that are too long.
 * @throws RemoteError in place of the network's errors
 */
export function guardedFetch(engine: RemoteEngine): typeof fetch {
  const base = new URL(engine.config.url);
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? undefined;
    return new Promise<Response>((resolve, reject) => {
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (url.origin !== base.origin) {
        reject(new Error('An engine is asked at its own address only.'));
        return;
      }
      if (isIP(literal) !== 0 && !engine.config.private && isPrivateAddress(literal)) {
        reject(forbidden(engine));
        return;
      }
      if (signal?.aborted === true) {
        reject(cancelled());
        return;
      }
      const options: RequestOptions = {
        method: init?.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init?.headers)),
        lookup: checkedLookup(engine),
        // A connection for each question: a kept one that the server has just closed would fail the next.
        agent: false,
        ...(signal !== undefined && { signal }),
      };
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (message) => {
        const status = message.statusCode ?? 500;
        if (status >= 300 && status < 400) {
          message.destroy();
          reject(redirected(engine, message.headers.location, url));
          return;
        }
        if (status === 200 && /^text\/html\b/i.test(message.headers['content-type'] ?? '')) {
          message.destroy();
          reject(webPage(engine));
          return;
        }
        try {
          const isStream = /^text\/event-stream\b/i.test(message.headers['content-type'] ?? '');
          const body = bodyOf(engine, message);
          const told =
            isStream && engine.config.kind === 'openai-compatible' ? body.pipeThrough(readErrorLines()) : body;
          resolve(new Response(told, { status, headers: headersOf(message) }));
        } catch {
          // Statuses that have no body, or are none; an error thrown here would end the process.
          message.destroy();
          reject(notAnAnswer(engine));
        }
      });
      // Without a listener the connection is closed, and nobody told.
      request.on('upgrade', (_, socket) => {
        socket.destroy();
        reject(notAnAnswer(engine));
      });
      request.on('error', (error) => reject(signal?.aborted === true ? cancelled() : unreachable(engine, error)));
      request.end(typeof init?.body === 'string' ? init.body : undefined);
    });
  };
}
