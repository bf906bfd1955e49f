import { createHash } from 'node:crypto';
import type { PartChoice, PartsAsked, PartsFound } from '@/lib/anomaly/part-finding';
import { listParts, readPart, type PartRow, type PartSampleRow } from '@/lib/database/parts';
import type { Owner } from '@/lib/database/owner';
import type { Engine } from '@/lib/engine/worker/client';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError } from '@/lib/http/app-error';
import { areaOf, ensureBank, findBank, prepareBank } from './bank';
import { current } from './known-scores';
import { requirePart } from './manage';

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

/**
 * The same for an inspection that found its part, or parts that it may be of; undefined for one that has nothing to do
 * with any.
 */
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

function toChoice(part: PartWithSamples, { file, built }: { file: string; built: number }): PartChoice {
  const { id, name } = part;
  return { id, name, file, built, threshold: current(part, part.samples).threshold, area: areaOf(part) };
}

/**
 * What the engine is asked for. A part that was chosen is waited for until its samples are read; for recognition those
 * count that are ready, and the others are read in the background.
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
  if (wish !== 'auto') {
    return { candidates: [await chosenOf(owner, wish.id, engine)], chosen: true };
  }
  const parts = await listParts(owner);
  const withSamples = parts.filter(({ samples }) => samples.some(({ kind }) => kind === 'golden'));
  if (withSamples.length === 0) {
    return undefined;
  }
  const { banks } = await engine.load();
  const candidates: PartChoice[] = [];
  for (const part of withSamples) {
    const bank = await findBank(part, banks);
    if (bank !== null) {
      candidates.push(toChoice(part, bank));
    }
    if (bank?.isCurrent !== true) {
      prepareBank(part.id);
    }
  }
  return candidates.length === 0 ? undefined : { candidates, chosen: false };
}

async function chosenOf(owner: Owner, id: string, engine: Engine): Promise<PartChoice> {
  const { name } = await requirePart(owner, id);
  const { banks } = await engine.load();
  const read = async () => {
    const part = await readPart(id);
    const bank = part === null ? null : await findBank(part, banks);
    return part === null || bank === null ? null : toChoice(part, bank);
  };
  const ready = await read();
  if (ready !== null) {
    return ready;
  }
  await ensureBank(id, engine);
  // Its scores, and so its threshold, came with the bank.
  const choice = await read();
  if (choice === null) {
    throw new AppError('conflict', `The part “${name}” has no good sample yet: add one`);
  }
  return choice;
}
