/**
 * Imports and batch inspections for the kill loops: small sets whose images are all different, what the server said of
 * them, and whether that still holds.
 */
import sharp from 'sharp';
import yazl from 'yazl';
import { newId, post, send } from './chat-client.mjs';

/** Images of one set. */
export const ITEMS = 8;
const POLL_MS = 50;

let seed = 0;

/** A zip of a set; no two images are alike. */
export async function packSet(count = ITEMS) {
  const zip = new yazl.ZipFile();
  for (let i = 0; i < count; i += 1) {
    seed += 1;
    const background = { r: seed % 251, g: Math.floor(seed / 251) % 251, b: i % 251 };
    const noise = { type: 'gaussian', mean: 0, sigma: 20 };
    const create = { width: 96, height: 96, channels: 3, background, noise };
    zip.addBuffer(await sharp({ create }).png().toBuffer(), `set/train/good/${i}.png`);
  }
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A new set with an import of an archive that the server has taken. */
export async function startImport(url, archive) {
  const { id: datasetId } = await (await post(`${url}/api/datasets`, { name: `kill ${newId()}` })).json();
  const address = `${url}/api/datasets/${datasetId}/imports?name=set.zip`;
  const { id } = await (await send(address, { method: 'POST', body: archive })).json();
  return { datasetId, id };
}

/** Looks at a job until it has ended; `onSeen` gets it every time. */
export async function awaitJob(url, kind, { datasetId, id }, onSeen = () => {}, stopped = () => false) {
  while (!stopped()) {
    const job = await (await send(`${url}/api/datasets/${datasetId}/${kind}/${id}`)).json();
    onSeen(job);
    if (['done', 'failed', 'cancelled'].includes(job.state)) {
      return job;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return null;
}

/**
 * One who imports and inspects sets without end; what a killed server was at is looked after first, by the next one.
 * `acknowledged.imports` and `.batches` have how far the server said that each job was.
 */
export class SetKeeper {
  open = null;

  constructor(acknowledged) {
    this.acknowledged = acknowledged;
  }

  async work(url, stopped) {
    while (!stopped()) {
      this.open ??= await this.begin(url);
      const { kind, job } = this.open;
      const note = ({ state, position, done }) =>
        this.acknowledged[kind].set(job.id, { ...job, at: position ?? done, ended: state === 'done' });
      const ended = await awaitJob(url, kind, job, note, stopped);
      if (ended !== null) {
        if (ended.state !== 'done') {
          throw new Error(`${kind} ${job.id} ended as ${ended.state}: ${ended.error}`);
        }
        this.open = kind === 'imports' ? await this.inspect(url, job.datasetId) : null;
      }
    }
  }

  async begin(url) {
    const job = await startImport(url, await packSet());
    this.acknowledged.imports.set(job.id, { ...job, at: 0, ended: false });
    return { kind: 'imports', job };
  }

  async inspect(url, datasetId) {
    const answer = await post(`${url}/api/datasets/${datasetId}/batches`, { mode: 'zero_shot', referenceIds: [] });
    const { id } = await answer.json();
    this.acknowledged.batches.set(id, { datasetId, id, at: 0, ended: false });
    return { kind: 'batches', job: { datasetId, id } };
  }
}

/** Sentences about every job that is not there, is behind what was said, or is done without all that it should have. */
export async function lostOfSets(db, acknowledged) {
  const rows = async (sql) => new Map((await db.execute(sql)).rows.map((row) => [String(row.id), row]));
  const imports = await rows('SELECT id, state, position AS at FROM ImportJob');
  const batches = await rows('SELECT id, state, done AS at FROM BatchJob');
  const items = await rows('SELECT datasetId AS id, count(*) AS n FROM DatasetItem GROUP BY 1');
  const results = await rows('SELECT jobId AS id, count(*) AS n FROM BatchResult GROUP BY 1');
  const lost = [];
  for (const [kind, jobs, stored] of [
    ['imports', imports, (job) => items.get(job.datasetId)],
    ['batches', batches, (job) => results.get(job.id)],
  ]) {
    for (const job of acknowledged[kind].values()) {
      const row = jobs.get(job.id);
      const count = Number(stored(job)?.n ?? 0);
      if (row === undefined) {
        lost.push(`${kind} ${job.id} is gone`);
      } else if (Number(row.at) < job.at || count < job.at || (job.ended && row.state !== 'done')) {
        lost.push(
          `${kind} ${job.id}: told ${job.at}${job.ended ? ', done' : ''}; is at ${row.at} (${count}), ${row.state}`,
        );
      }
    }
  }
  return lost;
}
