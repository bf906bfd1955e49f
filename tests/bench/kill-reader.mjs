/**
 * Kills the process that reads a data set, with SIGKILL, at a random moment of every import, while the server goes on,
 * and checks that each import ends with all its items, each once and with its pixels. Needs a built app and Linux; uses
 * its own data:
 *   node tests/bench/kill-reader.mjs [--rounds 50] [--images 60] [--out REPORT.json]
 * Exit code 1: an import failed, or an item is missing.
 */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@libsql/client';
import { awaitJob, packSet, startImport } from './support/durable-sets.mjs';
import { freePort, startServer } from './support/server.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    images: { type: 'string', default: '60' },
    out: { type: 'string' },
  },
});
const images = Number(values.images);

/** The reader of a server: a process that runs `set-reader.mjs` with these data. */
async function findReader(data) {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (
      (await read('cmdline')).includes('set-reader.mjs') &&
      (await read('environ')).includes(`LOOKTWICE_DATA=${data}`)
    ) {
      return Number(pid);
    }
  }
  return null;
}

async function killSoon(data, isOver) {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 1500));
  while (!isOver()) {
    const pid = await findReader(data);
    if (pid !== null) {
      try {
        process.kill(pid, 'SIGKILL');
        return true;
      } catch {
        // It has just ended by itself.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

const data = await mkdtemp(join(tmpdir(), 'looktwice-kill-reader-'));
const problems = [];
let kills = 0;
try {
  const server = await startServer({ data, port: await freePort() });
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const job = await startImport(server.url, await packSet(images));
    let over = false;
    const killing = killSoon(data, () => over);
    const ended = await awaitJob(server.url, 'imports', job);
    over = true;
    kills += (await killing) ? 1 : 0;
    const db = createClient({ url: `file:${join(data, 'looktwice.db')}` });
    const { rows } = await db.execute({
      sql: 'SELECT i.path, m.sha256 FROM DatasetItem i JOIN Image m ON m.id = i.imageId WHERE i.datasetId = ?',
      args: [job.datasetId],
    });
    db.close();
    if (ended.state !== 'done' || rows.length !== images) {
      problems.push(`round ${round}: ${ended.state} with ${rows.length} of ${images} items: ${ended.error}`);
    }
    for (const { path, sha256 } of rows) {
      const file = join(data, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
      await readFile(file).catch(() => problems.push(`round ${round}: the pixels of ${path} are gone`));
    }
    console.error(`round ${round}: ${kills} kills, ${problems.length} problems`);
  }
  await server.stop();
} finally {
  await rm(data, { recursive: true, force: true });
}
const report = { made: new Date().toISOString(), rounds: Number(values.rounds), images, kills, problems };
const text = `${JSON.stringify(report, null, 2)}\n`;
process.stdout.write(text);
if (values.out) {
  await writeFile(values.out, text);
}
process.exitCode = problems.length === 0 ? 0 : 1;
