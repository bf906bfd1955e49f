/**
 * Simultaneous chats through the HTTP API with the real model: each asks about a photo of its own. Every chat has to be
 * answered, or refused with a sentence; while it waits, it is told its place. Needs a built app; starts its own server
 * with its own data:
 *   node tests/bench/load.mjs [--chats 1,8,50] [--max-tokens 64] [--out REPORT.json]
 * Times are in ms from sending the question. Exit code 1: a chat was lost, or waited without being told its place.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask, freshPhoto, newId, upload } from './support/chat-client.mjs';
import { freePort, runTypeScript, startServer } from './support/server.mjs';

const { values } = parseArgs({
  options: {
    chats: { type: 'string', default: '1,8,50' },
    'max-tokens': { type: 'string', default: '64' },
    out: { type: 'string' },
  },
});
const settings = { maxTokens: Number(values['max-tokens']), seed: 1 };
const QUESTION = 'Is there any anomaly in this image? If so, describe it and show where it is.';

async function chat(url, imageId) {
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  const result = { outcome: 'lost', takenMs: null, places: [], firstTokenMs: null, totalMs: null, message: null };
  let state = null;
  try {
    await ask(
      url,
      { conversationId: newId(), text: QUESTION, imageIds: [imageId], settings },
      {
        onStart: () => (result.takenMs = since()),
        onPart: (part) => {
          if (part.type === 'data-status' && part.data.stage === 'queued') {
            result.places.push(part.data.position);
          } else if (part.type === 'text-delta') {
            result.firstTokenMs ??= since();
          } else if (part.type === 'error') {
            result.message = part.errorText;
          } else if (part.type === 'finish') {
            state = part.messageMetadata?.state ?? 'complete';
          }
        },
      },
    );
    result.totalMs = since();
    result.outcome = state === 'complete' ? 'answered' : result.message ? 'failed with a message' : 'lost';
  } catch (error) {
    result.message = error.message;
    result.outcome = error.code && error.message ? 'refused with a message' : 'lost';
  }
  return result;
}

function spread(numbers) {
  const sorted = numbers.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? null;
  return { min: at(0), median: at(0.5), p90: at(0.9), max: sorted.at(-1) ?? null };
}

const data = await mkdtemp(join(tmpdir(), 'looktwice-load-'));
let failed = false;
try {
  runTypeScript('prisma/migrate.ts', data);
  const server = await startServer({ data, port: await freePort() });
  const rounds = [];
  try {
    const warm = await upload(server.url, await freshPhoto());
    await chat(server.url, warm.id);
    for (const count of values.chats.split(',').map(Number)) {
      const images = [];
      for (let i = 0; i < count; i += 1) {
        images.push(await upload(server.url, await freshPhoto()));
      }
      const before = performance.now();
      const results = await Promise.all(images.map(({ id }) => chat(server.url, id)));
      const outcomes = results.reduce((all, { outcome }) => ({ ...all, [outcome]: (all[outcome] ?? 0) + 1 }), {});
      const told = results.filter(({ places }) => places.some((place) => place > 0)).length;
      const round = {
        chats: count,
        outcomes,
        toldTheirPlace: told,
        largestPlace: Math.max(0, ...results.flatMap(({ places }) => places)),
        takenMs: spread(results.map(({ takenMs }) => takenMs)),
        firstTokenMs: spread(results.map(({ firstTokenMs }) => firstTokenMs)),
        totalMs: spread(results.map(({ totalMs }) => totalMs)),
        wallSeconds: Math.round((performance.now() - before) / 100) / 10,
        messages: [...new Set(results.flatMap(({ message }) => message ?? []))],
      };
      // One chat is served at once; each of the others has to be told its place.
      failed ||= (outcomes.lost ?? 0) > 0 || told < (outcomes.answered ?? 0) - 1;
      rounds.push(round);
      console.error(JSON.stringify(round));
    }
  } finally {
    await server.stop();
  }
  const report = {
    made: new Date().toISOString(),
    cores: cpus().length,
    loadAverage: loadavg().map((value) => Math.round(value * 10) / 10),
    settings,
    rounds,
  };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(text);
  if (values.out) {
    await writeFile(values.out, text);
  }
} finally {
  await rm(data, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
