/**
 * Two accounts, one of which floods the server with slow uploads, questions and imports: how long the other's uploads
 * take beside an idle server's, and when its question is taken. Then how fast `/healthz` answers while data sets are
 * imported that were made to hold a server up. Needs a built app; uses its own data:
 *   node tests/bench/fairness.mjs [--uploads 24] [--out REPORT.json]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import yazl from 'yazl';
import { signIn, teamSettings } from './support/accounts.mjs';
import { freshPhoto, newId } from './support/chat-client.mjs';
import { packSet } from './support/durable-sets.mjs';
import { freePort, startServer } from './support/server.mjs';

const { values } = parseArgs({ options: { uploads: { type: 'string', default: '24' }, out: { type: 'string' } } });
/** Uploads and questions of the flood that are under way at any time. */
const FLOOD = { uploads: 8, questions: 12 };
/** Sets that are imported in turns, each with pictures of its own. */
const ARCHIVES = 6;
const POLL_MS = 20;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (numbers, share) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 10) / 10;
};

/** Requests of one account. */
class Account {
  constructor(url, headers) {
    Object.assign(this, { url, headers });
  }

  async send(path, init = {}) {
    const response = await fetch(`${this.url}${path}`, { ...init, headers: { ...this.headers, ...init.headers } });
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  post(path, body) {
    return this.send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async upload(bytes) {
    return (await (await this.send('/api/images?name=a.png', { method: 'POST', body: bytes })).json()).id;
  }

  /** Asks; calls `onPart` with every part of the answer and ends with it. */
  async ask(imageId, text, onPart = () => {}) {
    const response = await this.post('/api/chat', {
      ...{ conversationId: newId(), trigger: 'submit', parentId: null, answerId: newId(), settings: { maxTokens: 24 } },
      message: {
        ...{ id: newId(), role: 'user' },
        parts: [
          { type: 'text', text },
          { type: 'data-image', data: { imageId, role: 'subject' } },
        ],
      },
    });
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      lines
        .filter((line) => line.startsWith('data: {'))
        .forEach((line) => onPart(JSON.parse(line.slice('data: '.length))));
    }
  }

  async import(archive) {
    const { id } = await (await this.post('/api/datasets', { name: `set ${newId()}` })).json();
    const path = `/api/datasets/${id}/imports`;
    const job = await (await this.send(`${path}?name=set.zip`, { method: 'POST', body: archive })).json();
    return async () => {
      for (;;) {
        const { state } = await (await this.send(`${path}/${job.id}`)).json();
        if (state !== 'waiting' && state !== 'running') {
          return state;
        }
        await wait(100);
      }
    };
  }
}

async function slowPicture(shade) {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 };
  const create = { width: 1600, height: 1600, channels: 3, background: { r: shade % 256, g: 90, b: 90 }, noise };
  return sharp({ create }).avif({ effort: 0, quality: 95 }).toBuffer();
}

async function timeUploads(account, count) {
  const times = [];
  const photos = await Promise.all(Array.from({ length: count }, () => freshPhoto(640)));
  for (const bytes of photos) {
    const started = performance.now();
    await account.upload(bytes);
    times.push(performance.now() - started);
  }
  return times;
}

/** Floods without end until told to stop; ends when all of it has. */
async function flood(account, { pictures, archives }, stopped) {
  const again = async (work) => {
    while (!stopped()) {
      await work();
    }
  };
  const photo = await account.upload(await freshPhoto());
  // Bytes behind the picture make another file of it, as slow to decode.
  const upload = () =>
    account.upload(Buffer.concat([pictures[Math.floor(Math.random() * pictures.length)], Buffer.from(newId())]));
  let packed = 0;
  const imports = async () => (await account.import(archives[(packed += 1) % archives.length]))();
  await Promise.all([
    ...Array.from({ length: FLOOD.uploads }, () => again(upload)),
    ...Array.from({ length: FLOOD.questions }, () => again(() => account.ask(photo, 'Any defects?'))),
    again(imports),
  ]);
}

/** Questions that are asked one after the other, each about a new photo. */
const QUESTIONS = 5;

/** Where questions stood in the queue at worst (0: never waited), and how long their first words took. */
async function followQuestions(account) {
  const found = [];
  for (let i = 0; i < QUESTIONS; i += 1) {
    found.push(await followQuestion(account));
  }
  const times = found.map(({ firstWordMs }) => firstWordMs);
  return {
    worstPlace: Math.max(0, ...found.flatMap(({ places }) => places)),
    firstWordMs: quantile(times, 0.5),
    times,
  };
}

/** Where a question stood in the queue, place by place (0: running), and how long its first word took. */
async function followQuestion(account) {
  const image = await account.upload(await freshPhoto());
  const places = [];
  const started = performance.now();
  let firstWordMs = null;
  await account.ask(image, 'Is there any anomaly in this image?', (part) => {
    if (part.type === 'data-status' && part.data.stage === 'queued') {
      places.push(part.data.position);
    } else if (part.type === 'text-delta') {
      firstWordMs ??= Math.round(performance.now() - started);
    }
  });
  return { places, firstWordMs };
}

async function zipOf(files) {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), name);
  }
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Sets that once froze the server: endless numbers, many shapes on a large picture, brackets without end. */
async function badSets() {
  const plain = (width, height) =>
    sharp({ create: { width, height, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
  const [small, large] = [await plain(64, 48), await plain(4000, 3000)];
  const corner = (x, y) => `0 ${x} ${y} ${x + 0.01} ${y} ${x + 0.01} ${y + 0.01} ${x} ${y + 0.01}`;
  const shapes = Array.from({ length: 100 }, (_, i) =>
    corner(0.02 + (i % 10) * 0.09, 0.02 + Math.floor(i / 10) * 0.09),
  );
  return [
    await zipOf({ 'set/images/a.png': small, 'set/labels/a.txt': '0'.repeat(1_000_000) }),
    await zipOf({ 'set/images/a.png': small, 'set/labels/a.txt': '-.'.repeat(500_000) }),
    await zipOf({ 'set/images/a.png': large, 'set/labels/a.txt': shapes.join('\n') }),
    await zipOf({ 'set/a.png': small, 'set/labels.json': `${'['.repeat(200_000)}${']'.repeat(200_000)}` }),
  ];
}

async function timeHealth(url, stopped) {
  const times = [];
  while (!stopped()) {
    const started = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    times.push(performance.now() - started);
    await wait(POLL_MS);
  }
  return times;
}

const data = await mkdtemp(join(tmpdir(), 'looktwice-fairness-'));
const port = await freePort();
const settings = { ...teamSettings(port), LOOKTWICE_LIMITS: '1000', LOOKTWICE_LOG_LEVEL: 'error' };
const server = await startServer({ data, port, settings });
try {
  const where = { url: server.url, data, settings };
  const ada = new Account(server.url, await signIn(where, 'ada@example.com', 'engineer'));
  const bob = new Account(server.url, await signIn(where, 'bob@example.com', 'engineer'));
  // Made beforehand: who floods a server does not compute on its cores.
  const pictures = await Promise.all([1, 2, 3, 4].map(slowPicture));
  const archives = await Promise.all(Array.from({ length: ARCHIVES }, () => packSet(40)));
  await followQuestion(bob);
  await timeUploads(bob, 3);
  const idle = await timeUploads(bob, Number(values.uploads));
  const alone = await followQuestions(bob);

  let over = false;
  const flooding = flood(ada, { pictures, archives }, () => over);
  await wait(5_000);
  const flooded = await timeUploads(bob, Number(values.uploads));
  const beside = await followQuestions(bob);
  over = true;
  await flooding;

  const waits = [];
  for (const archive of await badSets()) {
    waits.push(await ada.import(archive));
  }
  let ended = false;
  const health = timeHealth(server.url, () => ended);
  const states = await Promise.all(waits.map((ending) => ending()));
  ended = true;
  const times = await health;
  const report = {
    made: new Date().toISOString(),
    uploadMs: { idle: quantile(idle, 0.5), flooded: quantile(flooded, 0.5) },
    uploadRatio: Math.round((100 * quantile(flooded, 0.5)) / quantile(idle, 0.5)) / 100,
    question: { alone, beside },
    firstWordRatio: Math.round((100 * beside.firstWordMs) / alone.firstWordMs) / 100,
    health: {
      count: times.length,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      max: Math.max(...times),
      states,
    },
  };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(text);
  if (values.out !== undefined) {
    await writeFile(values.out, text);
  }
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
