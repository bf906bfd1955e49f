import { newId } from '@/lib/contract/ids';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { listAccepted } from '@/lib/database/dataset-items';
import { countGivable, findImages } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import {
  MAX_SAMPLES,
  TooManySamplesError,
  changePart,
  createPart,
  findPart,
  findPartByName,
  hidePart,
  putSamples,
  removeSample,
  type NewSample,
  type PartRow,
} from '@/lib/database/parts';
import { requireDataset } from '@/lib/datasets/sets';
import { AppError, notFound } from '@/lib/http/app-error';
import type { z } from 'zod';
import { prepareBank, removeBank } from './bank';
import type { addSamplesSchema, changePartSchema, createPartSchema } from './contract';

const nameTaken = (name: string) =>
  new AppError('conflict', `There is a part “${name}” already: choose another name, or add to that one`);

const tooMany = () =>
  new AppError(
    'conflict',
    `A part has at most ${MAX_SAMPLES} good samples and ${MAX_SAMPLES} defects: remove some first`,
  );

/** @throws AppError not_found */
export async function requirePart(owner: Owner, id: string): Promise<PartRow> {
  const part = await findPart(owner, id);
  if (part === null) {
    throw notFound('part');
  }
  return part;
}

/** The part of this name or id. @throws AppError not_found naming it */
export async function requirePartNamed(owner: Owner, nameOrId: string): Promise<PartRow> {
  const part = (await findPartByName(owner, nameOrId)) ?? (await findPart(owner, nameOrId));
  if (part === null) {
    throw new AppError('not_found', `There is no part “${nameOrId}”: \`looktwice part list\` shows them`);
  }
  return part;
}

/**
 * Makes a part, with good samples if there are any; its bank is built in the background.
 * @throws AppError conflict for a name that is taken, not_found and forbidden for an image
 */
export async function newPart(owner: Owner, wanted: z.output<typeof createPartSchema>): Promise<PartRow> {
  const { goldenIds, name, number, revision, material, notes, shared } = wanted;
  const id = newId();
  await requireGivable(owner, goldenIds, id);
  const part = await createPart(owner, {
    ...{ id, name },
    ...(number !== undefined && { number }),
    ...(revision !== undefined && { revision }),
    ...(material !== undefined && { material }),
    ...(notes !== undefined && { notes }),
    ...(shared !== undefined && { shared }),
  });
  if (part === null) {
    throw nameTaken(name);
  }
  if (goldenIds.length > 0) {
    await storeSamples(owner, part.id, [...new Set(goldenIds)].map(asGolden));
  }
  return part;
}

const asGolden = (imageId: string): NewSample => ({
  imageId,
  kind: 'golden',
  view: null,
  defectType: null,
  bbox: null,
});

/**
 * Who may look at an image may not show it to others: in a part, which can be shared, everybody with an account would
 * see it. So an image is added by its owner alone.
 * @param partId the part, of which an image may be a sample already
 * @throws AppError not_found, forbidden
 */
export async function requireGivable(owner: Owner, ids: readonly string[], partId: string): Promise<void> {
  const wanted = [...new Set(ids)];
  if ((await findImages(owner, wanted)).length !== wanted.length) {
    throw notFound('image');
  }
  if ((await countGivable(owner, wanted, partId)) !== wanted.length) {
    throw new AppError('forbidden', 'Only who uploaded an image may add it to a part: ask them to add it');
  }
}

async function storeSamples(owner: Owner, partId: string, samples: readonly NewSample[]): Promise<void> {
  try {
    await putSamples(
      owner,
      partId,
      samples.map((sample) => ({ id: newId(), ...sample })),
    );
  } catch (error) {
    throw error instanceof TooManySamplesError ? tooMany() : error;
  }
  prepareBank(partId);
}

/**
 * Adds images to a part: named ones, or the accepted normal items of a data set, of many those that are evenly spread.
 * @returns how many images came in
 * @throws AppError not_found, forbidden for another's image, conflict when there are too many or none is accepted
 */
export async function addSamples(owner: Owner, id: string, added: z.output<typeof addSamplesSchema>): Promise<number> {
  await requirePart(owner, id);
  if ('samples' in added) {
    const ids = added.samples.map(({ imageId }) => imageId);
    await requireGivable(owner, ids, id);
    await storeSamples(owner, id, added.samples);
    return added.samples.length;
  }
  await requireDataset(owner, added.datasetId);
  const accepted = [...new Set((await listAccepted(added.datasetId, 'normal')).map(({ imageId }) => imageId))];
  if (accepted.length === 0) {
    throw new AppError('conflict', 'No normal item is accepted yet: accept some in review first');
  }
  const count = Math.min(accepted.length, added.limit);
  const chosen = Array.from({ length: count }, (_, at) => accepted[Math.floor((at * accepted.length) / count)] ?? '');
  await storeSamples(owner, id, chosen.map(asGolden));
  return count;
}

/** @throws AppError not_found */
export async function dropSample(owner: Owner, id: string, imageId: string): Promise<void> {
  await requirePart(owner, id);
  if (!(await removeSample(id, imageId))) {
    throw notFound('sample of this part');
  }
  prepareBank(id);
}

/**
 * @throws AppError not_found, forbidden when another than its maker shares it or ends that, conflict when it was
 * changed since or the name is taken
 */
export async function editPart(
  owner: Owner,
  id: string,
  { version, ...change }: z.output<typeof changePartSchema>,
): Promise<void> {
  const outcome = await changePart(owner, id, version, dropUndefined(change));
  switch (outcome) {
    case 'not_found':
      throw notFound('part');
    case 'not_own':
      throw new AppError('forbidden', 'Only who made the part may share it, or end that: ask them');
    case 'taken':
      throw nameTaken(change.name ?? '');
    case 'stale':
      throw new AppError('conflict', 'Somebody changed this part meanwhile: look at it again, then change it');
    case 'changed':
      if (change.area !== undefined) {
        prepareBank(id);
      }
  }
}

/** Exact optional properties: what is not to change is absent. */
function dropUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

/**
 * Deletes an own part and its bank; it goes for good, with the images that nothing else uses, days later
 * (`purgeDeletedParts`). @throws AppError not_found
 */
export async function deletePart(owner: Owner, id: string, source: AuditSource): Promise<void> {
  if (!(await hidePart(owner, id))) {
    throw notFound('part of your own');
  }
  await recordAudit({ actorId: owner.userId, action: 'part.delete', targetType: 'part', targetId: id, ...source });
  await removeBank(id);
}
