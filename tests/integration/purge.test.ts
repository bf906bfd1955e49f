import { Readable } from 'node:stream';
import fc from 'fast-check';
import sharp from 'sharp';
import { newId } from '@/lib/contract';
import { deleteConversation, purgeDeleted, restoreConversation } from '@/lib/assistant/conversations';
import { UNDO_MS } from '@/lib/assistant/conversations/delete-conversation';
import { receiveImage } from '@/lib/images/receive-image';
import { database } from '@/lib/database/client';
import { createShare, retireShares, revokeShare } from '@/lib/database/shares';
import { ensureLocalUser } from '@/lib/database/users';
import { KEPT_DAYS } from '@/lib/datasets/purge';
import { purgeDeletedParts } from '@/lib/parts/purge';
import { blobs } from '@/lib/storage';
import { owner, storeTurn } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { foreignKeysTo } from '../support/foreign-keys';

useDataDirectory();
jest.setTimeout(240_000);
beforeAll(ensureLocalUser);

/** What may use an image, besides the conversation that is deleted. */
const USES = ['message', 'share', 'dataset', 'reference', 'sample', 'correction', 'upload'] as const;
type Use = (typeof USES)[number];
type Plan = { deleted: number[]; restored: boolean; uses: { image: number; use: Use }[] };

const IMAGES = 4;
const plans: fc.Arbitrary<Plan> = fc.record({
  deleted: fc.uniqueArray(fc.nat(IMAGES - 1), { maxLength: IMAGES }),
  restored: fc.boolean(),
  uses: fc.array(fc.record({ image: fc.nat(IMAGES - 1), use: fc.constantFrom(...USES) }), { maxLength: 4 }),
});

let shade = 0;
async function upload(colour = (shade += 1)): Promise<{ id: string; sha256: string; colour: number }> {
  const background = { r: colour % 256, g: (colour >> 8) % 256, b: 77 };
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
  const { id, sha256 } = await receiveImage(owner, Readable.from([png]), `${colour}.png`);
  return { id, sha256, colour };
}

async function useImage(use: Use, image: { id: string; colour: number }): Promise<void> {
  const id = newId();
  switch (use) {
    case 'message':
      await storeTurn({ conversationId: newId(), question: 'Same?', answer: [], imageIds: [image.id] });
      break;
    case 'share': {
      const conversationId = newId();
      await storeTurn({ conversationId, question: 'Shared?', answer: [] });
      const flags = { live: false, includeNames: false, includeMetadata: false, allowEmbed: false, membersOnly: false };
      await createShare(owner, {
        ...{ id, conversationId, tokenHash: id, leafId: null, passwordHash: null, expiresAt: null, ...flags },
        snapshot: { version: 1 },
        imageIds: [image.id],
      });
      break;
    }
    case 'dataset': {
      const dataset = { id: newId(), ownerId: owner.userId, name: 'Set', format: 'folder' };
      await database().dataset.create({ data: dataset });
      await database().datasetItem.create({ data: { id, datasetId: dataset.id, imageId: image.id, path: 'a.png' } });
      break;
    }
    case 'reference':
      await database().referenceSet.create({
        data: { id, ownerId: owner.userId, name: 'Good', images: { create: [{ imageId: image.id }] } },
      });
      break;
    case 'sample':
      await database().part.create({
        data: { id, ownerId: owner.userId, name: id, samples: { create: { id, imageId: image.id, kind: 'golden' } } },
      });
      break;
    case 'correction': {
      const correction = { id, imageId: image.id, kind: 'fine', sampleKind: 'golden' } as const;
      await database().part.create({
        data: { id, ownerId: owner.userId, name: id, corrections: { create: correction } },
      });
      break;
    }
    case 'upload':
      // Dropped into another chat, not sent yet.
      await upload(image.colour);
      break;
  }
}

const isThere = async ({ id, sha256 }: { id: string; sha256: string }) => [
  (await database().image.count({ where: { id } })) === 1,
  await blobs().has(sha256),
];

test('a purge takes exactly the images that nothing else uses, with their files', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ deleted, restored, uses }) => {
      const images = await Promise.all(Array.from({ length: IMAGES }, () => upload()));
      const chats = await Promise.all(
        images.map(async ({ id }) => {
          const conversationId = newId();
          await storeTurn({ conversationId, question: 'Any?', answer: [], imageIds: [id] });
          return conversationId;
        }),
      );
      // Both follow an upload by more than the clock's grain, so that "again since" is told apart.
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const index of deleted) {
        await deleteConversation(owner, chats[index] ?? '', {});
      }
      const before = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const { image, use } of uses) {
        const used = images[image];
        if (used !== undefined) {
          await useImage(use, used);
        }
      }
      if (restored) {
        for (const index of deleted) {
          await restoreConversation(owner, chats[index] ?? '');
        }
      }
      await purgeDeleted(before + UNDO_MS);
      for (const [index, image] of images.entries()) {
        const kept = restored || !deleted.includes(index) || uses.some((each) => each.image === index);
        expect([index, ...(await isThere(image))]).toEqual([index, kept, kept]);
      }
    }),
    { numRuns: process.env.LOOKTWICE_FULL_TESTS === '1' ? 40 : 5 },
  );
});

test('an image that two owners have stays on disk until the last lets go', async () => {
  const image = await upload();
  const conversationId = newId();
  await storeTurn({ conversationId, question: 'Any?', answer: [], imageIds: [image.id] });
  const userId = newId();
  await database().user.create({ data: { id: userId, name: 'Other' } });
  const row = await database().image.findUniqueOrThrow({ where: { id: image.id } });
  await database().image.create({ data: { ...row, id: newId(), ownerId: userId } });
  await deleteConversation(owner, conversationId, {});
  await purgeDeleted(Date.now() + UNDO_MS + 1000);
  expect(await isThere(image)).toEqual([false, true]);
});

test('a link that ends keeps nothing: the next purge takes its image', async () => {
  const image = await upload();
  const conversationId = newId();
  await storeTurn({ conversationId, question: 'Any?', answer: [], imageIds: [image.id] });
  await useImage('share', image);
  const share = await database().share.findFirstOrThrow({ where: { images: { some: { imageId: image.id } } } });
  await revokeShare(owner, share.id, new Date());
  await retireShares(new Date(), new Date(0));
  await deleteConversation(owner, conversationId, {});
  await purgeDeleted(Date.now() + UNDO_MS + 1000);
  expect(await isThere(image)).toEqual([false, false]);
});

test('a part that was deleted goes for good days later, with the images that nothing else uses', async () => {
  const [sample, correction, other, kept] = [await upload(), await upload(), await upload(), await upload()];
  await useImage('sample', sample);
  await useImage('correction', correction);
  await useImage('sample', other);
  await useImage('message', other);
  await useImage('sample', kept);
  const keptPart = await database().part.findFirstOrThrow({ where: { samples: { some: { imageId: kept.id } } } });
  await new Promise((resolve) => setTimeout(resolve, 2));
  const deletedAt = new Date();
  await database().part.updateMany({ where: { id: { not: keptPart.id } }, data: { deletedAt } });
  const later = deletedAt.getTime() + KEPT_DAYS * 24 * 60 * 60_000;
  expect(await purgeDeletedParts(later - 1)).toBe(0);
  expect(await isThere(sample)).toEqual([true, true]);
  expect(await purgeDeletedParts(later)).toBeGreaterThanOrEqual(3);
  expect(await Promise.all([sample, correction, other, kept].map(isThere))).toEqual([
    ...[
      [false, false],
      [false, false],
      [true, true],
      [true, true],
    ],
  ]);
  expect(await database().part.findMany({ select: { id: true } })).toEqual([{ id: keptPart.id }]);
});

test('every table that holds an image back is known to the purge', async () => {
  const holding = (await foreignKeysTo('Image')).filter(({ cascades }) => !cascades).map(({ table }) => table);
  // A new table here needs its line in `unusedSince`, and a use in the property above.
  expect(holding).toEqual([
    ...['DatasetItem', 'MessageImage', 'PartCorrection', 'PartSample', 'ReferenceSetImage', 'ShareImage'],
  ]);
});
