/** A server with fresh data of its own for as long as pictures are taken of it, and a client for its API. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'playwright-core';
import { freePort, runTypeScript, startServer } from '../../tests/bench/support/server.mjs';
import { UserError } from '../bootstrap.mjs';

const POLL_MS = 500;
const PATIENCE_MS = 600_000;

/**
 * Runs `work({ url, data, settings })` while a server listens; its data are removed afterwards.
 * @param settings environment variables of the server
 */
export async function withServer(settings, work) {
  const data = mkdtempSync(join(tmpdir(), 'looktwice-screenshots-'));
  try {
    const port = await freePort();
    const all = { ...settings, LOOKTWICE_URL: `http://127.0.0.1:${port}` };
    runTypeScript('prisma/migrate.ts', data);
    const server = await startServer({ data, port, settings: all });
    try {
      return await work({ url: server.url, data, settings: all });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/**
 * JSON requests to a server: `read(path)`, `send(path, body, method)`; cookies are kept, and `state()` hands them to a
 * browser.
 */
export async function openApi(url) {
  const context = await request.newContext({ baseURL: url });
  const checked = async (response) => {
    if (!response.ok()) {
      throw new UserError(`${response.url()} answered ${response.status()}: ${await response.text()}`);
    }
    return response.status() === 204 ? null : response.json();
  };
  return {
    read: async (path) => checked(await context.get(path)),
    send: async (path, body, method = 'POST') => checked(await context.fetch(path, { method, data: body })),
    state: () => context.storageState(),
    close: () => context.dispose(),
  };
}

/** Asks again and again until `isDone(answer)`. */
export async function until(ask, isDone) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) {
      return answer;
    }
    if (Date.now() > end) {
      throw new UserError(`Waited ${PATIENCE_MS / 1000} s in vain; the last answer was ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
