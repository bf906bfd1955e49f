import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceOf } from '@/lib/assistant/images/image-source';
import { listPartIds, readPart, storeSampleScores, type PartRow, type PartSampleRow } from '@/lib/database/parts';
import type { Engine } from '@/lib/engine/worker/client';
import { getEngine } from '@/lib/engine/worker/client';
import { messageOf } from '@/lib/engine/errors';
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

/** The bank to compare with: that of the samples as they are, or until it is built the latest that this model can use. */
export async function findBank(
  part: PartWithSamples,
  version: string,
): Promise<{ file: string; isCurrent: boolean } | null> {
  const wanted = nameOf(part, version);
  const names = await banksOf(part.id);
  if (names.includes(wanted)) {
    return { file: join(directoryOf(part.id), wanted), isCurrent: true };
  }
  if (goldenOf(part).length === 0) {
    return null;
  }
  const usable = await Promise.all(
    names
      .filter((name) => name.startsWith(prefixOf(part, version)))
      .map(async (name) => {
        const file = join(directoryOf(part.id), name);
        return { file, time: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
      }),
  );
  const [latest] = usable.sort((a, b) => b.time - a.time);
  return latest === undefined ? null : { file: latest.file, isCurrent: false };
}

/** Whether a bank of the samples as they are is there. While no model is loaded nobody can say more: it may be another model's. */
export async function hasBank(part: PartWithSamples): Promise<boolean> {
  return (await banksOf(part.id)).some((name) => name.endsWith(suffixOf(part)));
}

// One build per part and process; kept outside the module, which Next.js may load once per route.
const holder = globalThis as typeof globalThis & { looktwicePartBuilds?: Map<string, Promise<void>> };
const builds = (): Map<string, Promise<void>> => (holder.looktwicePartBuilds ??= new Map());

/**
 * Builds the bank of a part if its samples or the model changed. Samples that the last bank had are not encoded again. Who asks while it is built waits for the same build.
 * @throws EngineError of the model, or of an image that cannot be read
 */
export async function ensureBank(partId: string, engine: Engine = getEngine()): Promise<void> {
  const running = builds().get(partId);
  if (running !== undefined) {
    await running.catch(() => undefined);
    return ensureBank(partId, engine);
  }
  const part = await readPart(partId);
  const { banks } = await engine.load();
  if (part === null || goldenOf(part).length === 0) {
    await rm(directoryOf(partId), { recursive: true, force: true });
    return;
  }
  // Somebody else may have begun meanwhile.
  if ((await isDone(part, banks)) || builds().has(partId)) {
    return builds().get(partId);
  }
  const build = buildBank(part, banks, engine);
  builds().set(partId, build);
  try {
    await build;
  } finally {
    builds().delete(partId);
  }
  // Samples that came in meanwhile.
  return ensureBank(partId, engine);
}

/** The bank is there, and every sample has its score beside it (a single good sample has none). */
async function isDone(part: PartWithSamples, version: string): Promise<boolean> {
  const name = nameOf(part, version);
  const found = await findBank(part, version);
  return found?.isCurrent === true && goldenOf(part).every(({ scoreKey }) => scoreKey === name);
}

async function buildBank(part: PartWithSamples, version: string, engine: Engine): Promise<void> {
  const options = { key: `part ${part.id}` };
  const golden = goldenOf(part);
  const build = `${part.id} ${version}`;
  const earlier = await findBank(part, version);
  const area = areaOf(part);
  const kept = new Set(
    await engine.partBegin(
      {
        ...{ build, total: golden.length, area },
        from: earlier === null ? null : earlier.file,
        wanted: golden.map(keyOf),
      },
      options,
    ),
  );
  for (const sample of golden.filter((each) => !kept.has(keyOf(each)))) {
    await engine.partAdd({ build, key: keyOf(sample), image: await sourceOf(sample.image) }, options);
  }
  const name = nameOf(part, version);
  const file = join(directoryOf(part.id), name);
  const scores = new Map((await engine.partFinish({ build, file }, options)).map((each) => [each.key, each.score]));
  const defects = await scoreDefects(part, file, engine);
  await storeSampleScores(part.id, name, [
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

async function scoreDefects(part: PartWithSamples, file: string, engine: Engine) {
  const scores: { imageId: string; kind: 'defect'; score: number | null }[] = [];
  const choice = { id: part.id, name: part.name, file, threshold: null, area: areaOf(part) };
  for (const { imageId, image } of part.samples.filter(({ kind }) => kind === 'defect').slice(-MOST_RESCORED)) {
    const { score } = await engine.inspect(
      { image: await sourceOf(image), parts: { candidates: [choice], chosen: true } },
      { key: `part ${part.id}`, background: true },
    );
    scores.push({ imageId, kind: 'defect', score });
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
