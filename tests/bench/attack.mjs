/**
 * Throws malformed requests, images, archives and label files at the built server, over every route, without accounts
 * and with them. Loopback only, and bounded:
 *   node tests/bench/attack.mjs [--requests 10000] [--modes local,team] [--runs 2] [--seed 1] [--at-once 6] [--out
 * REPORT.json] Needs a built app; starts its own servers with their own data and raised limits. Prints a JSON summary.
 * Exit code 1: an answer was a 5xx, took more than 10 s or did not come; the server ended; more than 5 % were refused
 * for access or rate; or a later run ended with more than 1.05 times the memory of the first.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signIn, teamSettings } from './support/accounts.mjs';
import { archive, damage, goodFiles, malformedRequest, seeded } from './support/attacks.mjs';
import { freePort, startServer } from './support/server.mjs';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    modes: { type: 'string', default: 'local,team' },
    runs: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '6' },
    out: { type: 'string' },
  },
});
const LONGEST_MS = 10_000;
const MOST_REFUSED = 0.05;
const MOST_GROWTH = 1.05;
/** What would end the attacker's own session, or ask the identity provider. */
const LEFT_OUT = /^\/api\/(auth\/(sign-out|oidc|callback)|account)/;

/** Sends one request exactly as written and reads the answer whole. */
function send(url, { method, path, headers = {}, body }, cookie) {
  const { hostname, port } = new URL(url);
  if (hostname !== '127.0.0.1') {
    throw new Error(`${hostname} is not this machine: only 127.0.0.1 is attacked`);
  }
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (status, text = '') => resolve({ status, text, ms: Math.round(performance.now() - started) });
    let sent;
    try {
      // Node.js announces no body of a DELETE or GET by itself: the server would read it as the next request.
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      sent = request({ hostname, port, method, path, headers: { ...length, ...headers, ...cookie }, timeout: 60_000 });
    } catch (error) {
      // Node.js itself refuses to send some paths and headers.
      end(0, error.code ?? error.message);
      return;
    }
    sent.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => end(response.statusCode, Buffer.concat(chunks).toString('utf8')));
      response.on('error', (error) => end(-1, error.code));
    });
    sent.on('timeout', () => sent.destroy(new Error('ETIMEDOUT')));
    sent.on('error', (error) => {
      if (error.code === 'ECONNRESET' && sent.reusedSocket) {
        // The server had closed the idle connection in the same moment; every client sends again then.
        send(url, { method, path, headers, body }, cookie).then(resolve);
      } else {
        end(-1, error.code ?? error.message);
      }
    });
    sent.end(body);
  });
}

const json = (value) => ({ headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) });

async function operationsOf(url) {
  const { paths } = await (await fetch(`${url}/api/openapi.json`)).json();
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );
  const pages = [
    '/',
    '/sign-in',
    '/team',
    '/account',
    '/s/{token}',
    '/s/{token}/embed',
    '/_next/{x}',
    '/_next/image',
    '/api/{x}',
    '/{x}',
  ];
  return [...described.filter(({ path }) => !LEFT_OUT.test(path)), ...pages.map((path) => ({ path, method: 'GET' }))];
}

/** The next attack: mostly requests, some files. */
async function nextAttack(random, operations, files, datasetId) {
  const draw = random();
  if (draw < 0.12) {
    const bytes = damage(random, files.images[Math.floor(random() * files.images.length)]);
    return { method: 'POST', path: '/api/images?name=a.png', body: bytes };
  }
  if (draw < 0.13) {
    return {
      method: 'POST',
      path: `/api/datasets/${datasetId}/imports?name=a.zip`,
      body: await archive(random, files),
    };
  }
  return malformedRequest(random, operations);
}

/** Waits until the imports have ended, and a moment more, and returns the server's memory. */
async function settle(url, datasetId, cookie) {
  for (let i = 0; i < 600; i += 1) {
    const { text } = await send(url, { method: 'GET', path: `/api/datasets/${datasetId}` }, cookie);
    if (!/"state":"(waiting|running)"/.test(text)) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  return JSON.parse((await send(url, { method: 'GET', path: '/api/status' }, cookie)).text).memoryBytes;
}

async function attack(url, cookie, seed) {
  const random = seeded(seed);
  const [operations, files] = [await operationsOf(url), await goodFiles()];
  const made = await send(url, { method: 'POST', path: '/api/datasets', ...json({ name: `attack ${seed}` }) }, cookie);
  const datasetId = JSON.parse(made.text).id;
  const report = { requests: 0, statuses: {}, slowestMs: 0, serverErrors: [], slow: [], lost: [] };
  const count = Number(values.requests);
  const note = (list, { method, path }, answer) => {
    if (list.length < 20) {
      list.push({
        method,
        path: path.slice(0, 200),
        status: answer.status,
        ms: answer.ms,
        text: answer.text.slice(0, 200),
      });
    }
  };
  const lane = async () => {
    while (report.requests < count) {
      report.requests += 1;
      const next = await nextAttack(random, operations, files, datasetId);
      const answer = await send(url, next, cookie);
      report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
      report.slowestMs = Math.max(report.slowestMs, answer.ms);
      if (answer.status >= 500) {
        note(report.serverErrors, next, answer);
      }
      if (answer.ms > LONGEST_MS) {
        note(report.slow, next, answer);
      }
      if (answer.status === -1) {
        note(report.lost, next, answer);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, lane));
  const refused = [401, 403, 429].reduce((sum, status) => sum + (report.statuses[status] ?? 0), 0);
  return { ...report, refusedShare: refused / report.requests, memoryBytes: await settle(url, datasetId, cookie) };
}

async function attackMode(mode) {
  const data = await mkdtemp(join(tmpdir(), 'looktwice-attack-'));
  const port = await freePort();
  const settings = {
    LOOKTWICE_LIMITS: '1000',
    LOOKTWICE_LOG_LEVEL: 'error',
    ...(mode === 'team' && teamSettings(port)),
  };
  const server = await startServer({ data, port, settings });
  try {
    const cookie = mode === 'team' ? await signIn({ url: server.url, data, settings }, 'attacker@example.com') : {};
    const runs = [];
    for (let run = 0; run < Number(values.runs); run += 1) {
      runs.push(await attack(server.url, cookie, Number(values.seed) + run));
    }
    return runs;
  } finally {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** What is wrong with the runs of a mode, one sentence each. */
function problemsOf(mode, runs) {
  const found = runs.flatMap((run, index) => {
    const where = `${mode}, run ${index + 1}`;
    return [
      ...(run.serverErrors.length > 0 ? [`${where}: answers with 5xx`] : []),
      ...(run.slow.length > 0 ? [`${where}: answers after more than ${LONGEST_MS / 1000} s`] : []),
      ...(run.lost.length > 0 ? [`${where}: requests without an answer`] : []),
      ...(run.refusedShare > MOST_REFUSED
        ? [`${where}: ${(100 * run.refusedShare).toFixed(1)} % refused for access or rate`]
        : []),
    ];
  });
  const [first, ...later] = runs;
  const growth = later.map((run) => run.memoryBytes / first.memoryBytes);
  return [
    ...found,
    ...growth.filter((factor) => factor > MOST_GROWTH).map((factor) => `${mode}: memory grew to ${factor.toFixed(3)}x`),
  ];
}

const modes = {};
for (const mode of values.modes.split(',')) {
  modes[mode] = await attackMode(mode);
}
const problems = Object.entries(modes).flatMap(([mode, runs]) => problemsOf(mode, runs));
const text = `${JSON.stringify({ problems, modes }, null, 2)}\n`;
if (values.out !== undefined) {
  await writeFile(values.out, text);
}
process.stdout.write(text);
process.exitCode = problems.length > 0 ? 1 : 0;
