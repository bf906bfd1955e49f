import { createHash } from 'node:crypto';
import type { PartChoice, PartsAsked, PartsFound } from '@/lib/anomaly/part-finding';
import { listParts, type PartRow, type PartSampleRow } from '@/lib/database/parts';
import type { Owner } from '@/lib/database/owner';
import type { Engine } from '@/lib/engine/worker/client';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError, notFound } from '@/lib/http/app-error';
import { areaOf, ensureBank, findBank, prepareBank } from './bank';
import { current } from './known-scores';

type PartWithSamples = PartRow & { samples: PartSampleRow[] };

/** Which part an image is compared with: the one it looks like, none, or the one of this id. */
export type PartWish = 'auto' | 'none' | { id: string };

/** A wish as requests name it. */
export const toPartWish = (wish: string): PartWish => (wish === 'auto' || wish === 'none' ? wish : { id: wish });

/** Names what was asked for, to find an inspection again: other samples, thresholds or areas are another question. */
export function keyOfWish(asked: PartsAsked): string {
  const hash = createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
  return `part ${hash}`;
}

/** The same for an inspection that found its part, or parts that it may be of; undefined for one that has nothing to do with any. */
export function keyOfFound({ parts, score }: { parts?: PartsFound; score: number }): string | undefined {
  if (parts === undefined || (parts.part === null && parts.candidates.length === 0)) {
    return undefined;
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([parts, score]))
    .digest('hex')
    .slice(0, 32);
  return `part ${hash}`;
}

async function toChoice(part: PartWithSamples, version: string): Promise<PartChoice | null> {
  const bank = await findBank(part, version);
  if (bank === null) {
    return null;
  }
  const { id, name } = part;
  return { id, name, file: bank.file, threshold: current(part, part.samples).threshold, area: areaOf(part) };
}

/**
 * What the engine is asked for. A part that was chosen is waited for until its samples are read; for recognition those count that are ready, and the others are read in the
 * background.
 * @throws AppError not_found, conflict for a chosen part without good samples
 */
export async function askForParts(
  owner: Owner,
  wish: PartWish,
  engine: Engine = getEngine(),
): Promise<PartsAsked | undefined> {
  if (wish === 'none') {
    return undefined;
  }
  const parts = await listParts(owner);
  if (wish !== 'auto') {
    return { candidates: [await chosenOf(parts, owner, wish.id, engine)], chosen: true };
  }
  const withSamples = parts.filter(({ samples }) => samples.some(({ kind }) => kind === 'golden'));
  if (withSamples.length === 0) {
    return undefined;
  }
  const { banks } = await engine.load();
  const candidates: PartChoice[] = [];
  for (const part of withSamples) {
    const choice = await toChoice(part, banks);
    if (choice !== null) {
      candidates.push(choice);
    }
    if ((await findBank(part, banks))?.isCurrent !== true) {
      prepareBank(part.id);
    }
  }
  return candidates.length === 0 ? undefined : { candidates, chosen: false };
}

async function chosenOf(
  parts: readonly PartWithSamples[],
  owner: Owner,
  id: string,
  engine: Engine,
): Promise<PartChoice> {
  const part = parts.find((each) => each.id === id);
  if (part === undefined) {
    throw notFound('part');
  }
  const { banks } = await engine.load();
  if ((await findBank(part, banks)) === null) {
    await ensureBank(id, engine);
  }
  // Its scores, and so its threshold, came with the bank.
  const ready = (await listParts(owner)).find((each) => each.id === id);
  const choice = ready === undefined ? null : await toChoice(ready, banks);
  if (choice === null) {
    throw new AppError('conflict', `The part “${part.name}” has no good sample yet: add one`);
  }
  return choice;
}
