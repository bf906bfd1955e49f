import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceOf } from '@/lib/images/image-source';
import { listPartIds, readPart, storeSampleScores, type PartRow, type PartSampleRow } from '@/lib/database/parts';
import type { Engine } from '@/lib/engine/worker/client';
import { getEngine } from '@/lib/engine/worker/client';
import { EngineError, type EngineErrorCode, isOfTheImage } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import type { EngineInfo } from '@/lib/engine/worker/operations';
import { log } from '@/lib/http/log';
import { dataDirectory } from '@/lib/storage/data-directory';
import { partAreaSchema, type PartAreaInfo } from './contract';

type PartWithSamples = PartRow & { samples: PartSampleRow[] };

/** Known defects that are scored again when the good samples change; of more the newest. */
const MOST_RESCORED = 50;

const directoryOf = (partId: string) => join(dataDirectory(), 'parts', partId);
const goldenOf = (part: PartWithSamples) => part.samples.filter(({ kind }) => kind === 'golden');

/** The part of the image that counts, as it is stored. */
export function areaOf({ area }: Pick<PartRow, 'area'>): PartAreaInfo | null {
  return area === null ? null : partAreaSchema.parse(area);
}

/** An image's content, and how it is read. */
const keyOf = ({ image: { sha256, low, high } }: PartSampleRow): string =>
  low === null || high === null ? sha256 : `${sha256} ${low} ${high}`;

const digest = (value: unknown, length: number) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, length);

/** How the banks begin from which patches can be taken over: of the same model and area. */
const prefixOf = (part: PartWithSamples, version: string) => `${version}-${digest(areaOf(part), 8)}-`;

/** How the bank of the samples as they are ends, whatever model it was built with. */
const suffixOf = (part: PartWithSamples) =>
  `-${digest(areaOf(part), 8)}-${digest(goldenOf(part).map(keyOf).sort(), 24)}.bank`;

/** Names a bank: what it was built with, and of what. */
const nameOf = (part: PartWithSamples, version: string) => `${version}${suffixOf(part)}`;

async function banksOf(partId: string): Promise<string[]> {
  const names = await readdir(directoryOf(partId)).catch(() => []);
  return names.filter((name) => name.endsWith('.bank'));
}

/** A bank's file, when it was written (ms since 1970), and whether it is of the samples as they are. */
type FoundBank = { file: string; built: number; isCurrent: boolean };

/**
 * The bank to compare with: that of the samples as they are, or until it is built the latest that this model can use.
 */
export async function findBank(part: PartWithSamples, version: string): Promise<FoundBank | null> {
  if (goldenOf(part).length === 0) {
    return null;
  }
  const wanted = nameOf(part, version);
  const names = (await banksOf(part.id)).filter((name) => name.startsWith(prefixOf(part, version)));
  const banks = await Promise.all(
    names.map(async (name): Promise<FoundBank[]> => {
      const file = join(directoryOf(part.id), name);
      const state = await stat(file).catch(() => null);
      return state === null ? [] : [{ file, built: state.mtimeMs, isCurrent: name === wanted }];
    }),
  );
  const [found] = banks.flat().sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.built - a.built);
  return found ?? null;
}

/**
 * Whether a bank of the samples as they are is there. While no model is loaded nobody can say more: it may be another
 * model's.
 */
export async function hasBank(part: PartWithSamples): Promise<boolean> {
  return (await banksOf(part.id)).some((name) => name.endsWith(suffixOf(part)));
}

/** How long a part whose bank could not be built is left alone, unless its samples change. */
const RETRY_MS = 60_000;
/** What passes by itself: tried again when somebody asks again. */
const PASSING: ReadonlySet<EngineErrorCode> = new Set(['queue_full', 'cancelled']);

type Builds = {
  /** By part; who asks while it is built waits for it. */
  running: Map<string, Promise<void>>;
  /** By part: the bank that could not be built. */
  failed: Map<string, { name: string; time: number; error: unknown }>;
  /** One build at a time: the engine keeps few that are begun. */
  last: Promise<void>;
};

// Kept outside the module, which Next.js may load once per route.
const holder = globalThis as typeof globalThis & { looktwicePartBuilds?: Builds };
const builds = (): Builds =>
  (holder.looktwicePartBuilds ??= { running: new Map(), failed: new Map(), last: Promise.resolve() });

/**
 * Builds the bank of a part if its samples or the model changed. Samples that the last bank had are not encoded again,
 * and those that cannot be read are left out. Who asks while it is built waits for the same build; one that failed is
 * not repeated until the samples change or a minute has passed.
 * @throws EngineError of the model, or when no good sample can be read
 */
export async function ensureBank(partId: string, engine: Engine = getEngine()): Promise<void> {
  const all = builds();
  const running = all.running.get(partId);
  if (running !== undefined) {
    await running.catch(() => undefined);
    return ensureBank(partId, engine);
  }
  const part = await readPart(partId);
  const info = await engine.load();
  if (part === null || goldenOf(part).length === 0) {
    all.failed.delete(partId);
    await rm(directoryOf(partId), { recursive: true, force: true });
    return;
  }
  if ((await lacking(part, info)) === 'nothing') {
    return;
  }
  const failed = all.failed.get(partId);
  if (failed?.name === nameOf(part, info.banks) && Date.now() < failed.time + RETRY_MS) {
    throw failed.error;
  }
  // Somebody else may have begun meanwhile.
  if (!all.running.has(partId)) {
    const build = all.last.then(() => buildNow(partId, engine));
    all.last = build.catch(() => undefined);
    all.running.set(
      partId,
      build.finally(() => all.running.delete(partId)),
    );
    await all.running.get(partId);
  }
  // Samples that came in meanwhile.
  return ensureBank(partId, engine);
}

/** The key of the scores that a bank gives. */
const scoreKeyOf = (part: PartWithSamples, { banks, scores }: EngineInfo) => `${nameOf(part, banks)} ${scores}`;
const newestDefects = (part: PartWithSamples) =>
  part.samples.filter(({ kind }) => kind === 'defect').slice(-MOST_RESCORED);

/** What is missing: the bank or good samples' scores beside it (a single one has none), or scores of defects only. */
async function lacking(part: PartWithSamples, info: EngineInfo): Promise<'bank' | 'scores' | 'nothing'> {
  const key = scoreKeyOf(part, info);
  const isScored = ({ scoreKey }: PartSampleRow) => scoreKey === key;
  if ((await findBank(part, info.banks))?.isCurrent !== true || !goldenOf(part).every(isScored)) {
    return 'bank';
  }
  return newestDefects(part).every(isScored) ? 'nothing' : 'scores';
}

/** Builds or scores what is lacking when the part's turn has come. */
async function buildNow(partId: string, engine: Engine): Promise<void> {
  const part = await readPart(partId);
  const info = await engine.load();
  if (part === null || goldenOf(part).length === 0) {
    return;
  }
  const name = nameOf(part, info.banks);
  try {
    switch (await lacking(part, info)) {
      case 'bank':
        await buildBank(part, info, engine);
        break;
      case 'scores': {
        const key = scoreKeyOf(part, info);
        const defects = newestDefects(part).filter(({ scoreKey }) => scoreKey !== key);
        await storeSampleScores(partId, key, await scoreDefects(part, defects, info, engine));
        break;
      }
      case 'nothing':
    }
    builds().failed.delete(partId);
  } catch (error) {
    if (!(error instanceof EngineError && PASSING.has(error.code))) {
      builds().failed.set(partId, { name, time: Date.now(), error });
    }
    throw error;
  }
}

/** What `read` gives; null, and a line in the log, when the sample's image cannot be read. */
async function unlessUnreadable<Value>(
  { partId, imageId }: PartSampleRow,
  read: () => Promise<Value>,
): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (isOfTheImage(error)) {
      log.warn({ err: error, partId, imageId }, `a sample of a part is left out: ${messageOf(error)}`);
      return null;
    }
    throw error;
  }
}

async function buildBank(part: PartWithSamples, info: EngineInfo, engine: Engine): Promise<void> {
  const options = { key: `part ${part.id}` };
  const golden = goldenOf(part);
  const build = `${part.id} ${info.banks}`;
  const earlier = await findBank(part, info.banks);
  const area = areaOf(part);
  const read = new Set(
    await engine.partBegin(
      {
        ...{ build, total: golden.length, area },
        from: earlier === null ? null : earlier.file,
        wanted: golden.map(keyOf),
      },
      options,
    ),
  );
  for (const sample of golden.filter((each) => !read.has(keyOf(each)))) {
    await unlessUnreadable(sample, async () => {
      await engine.partAdd({ build, key: keyOf(sample), image: await sourceOf(sample.image) }, options);
      read.add(keyOf(sample));
    });
  }
  if (read.size === 0) {
    const text = `None of the good samples of the part “${part.name}” can be read: remove them, and add others.`;
    throw new EngineError('unreadable_image', text);
  }
  const name = nameOf(part, info.banks);
  const file = join(directoryOf(part.id), name);
  const scores = new Map((await engine.partFinish({ build, file }, options)).map((each) => [each.key, each.score]));
  const defects = await scoreDefects(part, newestDefects(part), info, engine);
  await storeSampleScores(part.id, scoreKeyOf(part, info), [
    ...golden.map((sample) => ({
      imageId: sample.imageId,
      kind: 'golden' as const,
      score: scores.get(keyOf(sample)) ?? null,
    })),
    ...defects,
  ]);
  for (const other of (await banksOf(part.id)).filter((each) => each !== name)) {
    await rm(join(directoryOf(part.id), other), { force: true });
  }
}

/** How defects score beside the bank of the samples as they are; null for one that cannot be read. */
async function scoreDefects(
  part: PartWithSamples,
  defects: readonly PartSampleRow[],
  { banks }: EngineInfo,
  engine: Engine,
) {
  const scores: { imageId: string; kind: 'defect'; score: number | null }[] = [];
  const bank = await findBank(part, banks);
  if (bank?.isCurrent !== true) {
    return scores;
  }
  const { file, built } = bank;
  const choice = { id: part.id, name: part.name, file, built, threshold: null, area: areaOf(part) };
  for (const sample of defects) {
    const seen = await unlessUnreadable(sample, async () =>
      engine.inspect(
        { image: await sourceOf(sample.image), parts: { candidates: [choice], chosen: true } },
        { key: `part ${part.id}`, background: true },
      ),
    );
    scores.push({ imageId: sample.imageId, kind: 'defect', score: seen?.score ?? null });
  }
  return scores;
}

/** Builds in the background; what fails is logged, and tried again with the next change or start. */
export function prepareBank(partId: string): void {
  ensureBank(partId).catch((error: unknown) => log.warn({ err: error, partId }, `a part: ${messageOf(error)}`));
}

/** Builds the banks that are missing, as after a change of the model, one after the other in the background. */
export async function prepareAllBanks(): Promise<void> {
  for (const id of await listPartIds()) {
    await ensureBank(id).catch((error: unknown) => log.warn({ err: error, partId: id }, `a part: ${messageOf(error)}`));
  }
}

/** Removes the bank of a part that is gone. */
export async function removeBank(partId: string): Promise<void> {
  await rm(directoryOf(partId), { recursive: true, force: true });
}
