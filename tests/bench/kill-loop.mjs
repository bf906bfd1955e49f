/**
 * Kills the real server with SIGKILL again and again while clients upload, chat, tick, share, review, import sets and
 * inspect them, and checks after each restart that everything that was acknowledged is there: images, questions, ended
 * answers word for word, masks whose id was told, ticks, links, reviews, how far imports and batch inspections are.
 * Needs a built app; uses its own data:
 *   node tests/bench/kill-loop.mjs [--rounds 50] [--longest 9] [--minutes 60] [--out REPORT.json]
 * `--longest`: the kill comes at a random moment of so many seconds; `--minutes`: no new round begins after them. Exit
 * code 1: a record was lost, or the database is damaged.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@libsql/client';
import { ask, freshPhoto, newId, post, upload } from './support/chat-client.mjs';
import { SetKeeper, awaitJob, lostOfSets } from './support/durable-sets.mjs';
import { freePort, runTypeScript, startServer } from './support/server.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    longest: { type: 'string', default: '9' },
    minutes: { type: 'string', default: 'Infinity' },
    out: { type: 'string' },
  },
});
const CHATTERS = 3;
const settings = { maxTokens: 24 };

/** What the server has acknowledged, over all rounds. */
const acknowledged = {
  images: new Map(),
  questions: new Map(),
  answers: new Map(),
  masks: new Map(),
  ticks: new Map(),
  shares: new Map(),
  reviews: new Map(),
  imports: new Map(),
  batches: new Map(),
};
const keeper = new SetKeeper(acknowledged);

async function oneAnswer(url, question) {
  let text = '';
  const seen = [];
  const masks = [];
  let answer;
  await ask(url, question, {
    onStart: ({ messageId, answerId }) => {
      acknowledged.questions.set(messageId, question.text);
      answer = answerId;
    },
    onPart: (part) => {
      if (part.type === 'text-delta') {
        text += part.delta;
      } else if (part.type === 'data-mask') {
        // Its address was told, so it has to be there, whatever becomes of the answer.
        acknowledged.masks.set(part.data.maskId, part.data.imageId);
        masks.push(part.data.maskId);
      } else if (part.type === 'data-checklist') {
        seen.push(...part.data.items.map(({ id }) => id));
      } else if (part.type === 'finish') {
        acknowledged.answers.set(answer, text.trim());
      }
    },
  });
  return { answer, items: seen };
}

/** Chats without end: a photo, a question about it, a follow-up, ticks, a link. */
async function chatter(url, stopped) {
  while (!stopped()) {
    const conversationId = newId();
    const { id } = await upload(url, await freshPhoto(320));
    acknowledged.images.set(id, true);
    const first = await oneAnswer(url, {
      ...{ conversationId, imageIds: [id], settings },
      text: 'Is there any anomaly in this image?',
    });
    const { share } = await (await post(`${url}/api/shares`, { conversationId })).json();
    acknowledged.shares.set(share.id, conversationId);
    const second = await oneAnswer(url, {
      ...{ conversationId, parentId: first.answer, settings },
      text: 'What should be done about it?',
    });
    for (const itemId of second.items) {
      await post(`${url}/api/checklist`, { messageId: second.answer, itemId, done: true });
      acknowledged.ticks.set(`${second.answer} ${itemId}`, true);
    }
  }
}

/** Reviews one item without end. */
async function reviewer(url, { datasetId, itemId, masks, known }, stopped) {
  const address = `${url}/api/datasets/${datasetId}/items/${itemId}/reviews`;
  const read = await (await fetch(address)).json();
  known.revision = read.revision;
  for (let i = 0; !stopped(); i += 1) {
    const verdict = i % 3 === 0 ? 'rejected' : 'accepted';
    const body = { revision: known.revision, verdict, defectType: 'scratch', mask: masks[i % masks.length] };
    const item = await (await post(address, { ...body, text: { description: `Review ${i}` } })).json();
    known.revision = item.revision;
    acknowledged.reviews.set(`${itemId} ${known.revision}`, verdict);
    acknowledged.masks.set(item.annotation.maskId, item.image.id);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Everything that was acknowledged and is not in the database as it was. */
async function findLost(db) {
  const rows = async (sql) => (await db.execute(sql)).rows;
  const ids = async (sql) => new Set((await rows(sql)).map((row) => String(row[0])));
  const texts = new Map((await rows('SELECT id, text, state FROM Message')).map((row) => [row.id, row]));
  const [images, masks, shares] = [
    await ids('SELECT id FROM Image'),
    await ids('SELECT id FROM Mask'),
    await ids('SELECT id FROM Share'),
  ];
  const ticks = await ids("SELECT messageId || ' ' || itemId FROM ChecklistTick WHERE done = 1");
  const reviews = new Map(
    (await rows("SELECT itemId || ' ' || revision AS id, verdict FROM Review")).map((row) => [row.id, row.verdict]),
  );
  const lost = [];
  const check = (kind, isThere) => {
    for (const [id, expected] of acknowledged[kind]) {
      if (!isThere(id, expected)) {
        lost.push(`${kind} ${id}`);
      }
    }
  };
  check('images', (id) => images.has(id));
  check('questions', (id, text) => texts.get(id)?.text === text);
  check('answers', (id, text) => texts.get(id)?.state === 'complete' && texts.get(id)?.text === text);
  check('masks', (id) => masks.has(id));
  check('ticks', (id) => ticks.has(id));
  check('shares', (id) => shares.has(id));
  check('reviews', (id, verdict) => reviews.get(id) === verdict);
  lost.push(...(await lostOfSets(db, acknowledged)));
  const running = (await rows("SELECT count(*) FROM Message WHERE state = 'running'"))[0]?.[0];
  return { lost, running: Number(running) };
}

async function damage(db) {
  const integrity = (await db.execute('PRAGMA integrity_check')).rows.map((row) => String(row[0]));
  const dangling = (await db.execute('PRAGMA foreign_key_check')).rows.length;
  return [...integrity.filter((line) => line !== 'ok'), ...(dangling > 0 ? [`${dangling} dangling references`] : [])];
}

const data = await mkdtemp(join(tmpdir(), 'looktwice-kill-'));
const problems = [];
const restarts = [];
let killedWhile = 0;
try {
  runTypeScript('prisma/migrate.ts', data);
  const { datasetId, items, masks } = JSON.parse(
    runTypeScript('tests/bench/support/seed-review-items.ts', data, ['2']),
  );
  const review = items.map((itemId) => ({ datasetId, itemId, masks, known: { revision: 0 } }));
  const port = await freePort();
  const until = Date.now() + Number(values.minutes) * 60_000;
  for (let round = 1; round <= Number(values.rounds) && Date.now() < until; round += 1) {
    const started = performance.now();
    const server = await startServer({ data, port });
    restarts.push(Math.round(performance.now() - started));
    const db = createClient({ url: `file:${join(data, 'looktwice.db')}` });
    const { lost, running } = await findLost(db);
    problems.push(...lost.map((record) => `round ${round}: lost ${record}`), ...(await damage(db)));
    if (running > 0) {
      problems.push(`round ${round}: ${running} answers still count as running after the restart`);
    }
    db.close();
    let killed = false;
    const refused = [];
    const work = [
      ...Array.from({ length: CHATTERS }, () => chatter(server.url, () => killed)),
      ...review.map((item) => reviewer(server.url, item, () => killed)),
      keeper.work(server.url, () => killed),
    ].map((job) =>
      job.catch((error) => {
        // A connection that breaks is what a kill looks like; an error that the server explained is not.
        if (error.code !== undefined && error.status !== undefined) {
          refused.push(`round ${round}: ${error.status} ${error.code} ${error.message}`);
        } else if (!killed) {
          refused.push(`round ${round}: ${error.message}`);
        }
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * Number(values.longest) * 1000));
    const before = acknowledged.questions.size;
    killed = true;
    await server.kill();
    await Promise.all(work);
    killedWhile += before > acknowledged.answers.size ? 1 : 0;
    problems.push(...refused);
    console.error(
      `round ${round}: ${Object.entries(acknowledged)
        .map(([kind, records]) => `${records.size} ${kind}`)
        .join(', ')}; ${problems.length} problems`,
    );
  }
  // The last word: back once more, everything there, and ended as a service manager ends it.
  const server = await startServer({ data, port });
  // What was begun is finished.
  if (keeper.open !== null) {
    const { kind, job } = keeper.open;
    const ended = await awaitJob(server.url, kind, job);
    acknowledged[kind].set(job.id, { ...job, at: ended.position ?? ended.done, ended: true });
  }
  const db = createClient({ url: `file:${join(data, 'looktwice.db')}` });
  const { lost } = await findLost(db);
  problems.push(...lost.map((record) => `at the end: lost ${record}`), ...(await damage(db)));
  for (const id of acknowledged.images.keys()) {
    const response = await fetch(`${server.url}/api/images/${id}/content?w=160`);
    if (!response.ok) {
      problems.push(`at the end: the pixels of image ${id} are gone (${response.status})`);
    }
  }
  await server.stop();
} finally {
  await rm(data, { recursive: true, force: true });
}
restarts.sort((a, b) => a - b);
const report = {
  made: new Date().toISOString(),
  rounds: restarts.length,
  roundsKilledDuringAnAnswer: killedWhile,
  acknowledged: Object.fromEntries(Object.entries(acknowledged).map(([kind, records]) => [kind, records.size])),
  restartMs: { median: restarts[Math.floor(restarts.length / 2)], max: restarts.at(-1) },
  problems,
};
const text = `${JSON.stringify(report, null, 2)}\n`;
process.stdout.write(text);
if (values.out) {
  await writeFile(values.out, text);
}
process.exitCode = problems.length === 0 ? 0 : 1;
