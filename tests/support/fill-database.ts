import { createHash } from 'node:crypto';
import type { openSqlite } from '@/lib/database/client';
import { blobsDirectory } from '@/lib/storage/data-directory';
import { DiskBlobStore } from '@/lib/storage/disk-blob-store';

type Client = ReturnType<typeof openSqlite>;

const numbered = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/**
 * Writes `count` images with their files, a set of them, inspections, features, and a few rows of what else refers to
 * something.
 */
export async function fillDatabase(
  client: Client,
  data: string,
  count: number,
  bytesOf: (index: number) => Uint8Array,
): Promise<void> {
  const store = new DiskBlobStore(blobsDirectory(data));
  const blobs: { key: string; bytes: number }[] = [];
  for (let index = 0; index < count; index += 50) {
    blobs.push(
      ...(await Promise.all(
        numbered(Math.min(50, count - index), (offset) => store.write([bytesOf(index + offset)], 1e6)),
      )),
    );
  }
  const map = await store.write([Buffer.from('an anomaly map')], 1e6);
  await client.installation.create({ data: { id: 1, key: 'this one', starts: 3, checkedAt: new Date(5) } });
  await client.user.createMany({
    data: numbered(3, (index) => ({
      id: `u${index}`,
      name: index === 0 ? 'Zoë \u{1F642}' : `n${index}`,
      email: `${index}@x.y`,
    })),
  });
  const image = (index: number) => createHash('md5').update(`image ${index}`).digest('hex').slice(0, 22);
  const inPieces = async (write: (from: number, to: number) => Promise<unknown>) => {
    for (let from = 0; from < count; from += 1000) {
      await write(from, Math.min(count, from + 1000));
    }
  };
  const range = <Item>(from: number, to: number, make: (index: number) => Item) =>
    numbered(to - from, (offset) => make(from + offset));
  await inPieces((from, to) =>
    client.image.createMany({
      data: range(from, to, (index) => ({
        ...{ id: image(index), ownerId: `u${index % 3}`, sha256: blobs[index]?.key ?? '', name: `été ${index}.png` },
        ...{ mime: 'image/png', width: 32, height: 32, bytes: blobs[index]?.bytes ?? 0, low: index / 3 },
      })),
    }),
  );
  await inPieces((from, to) =>
    client.inspection.createMany({
      data: range(from, to, (index) => ({
        ...{
          id: `i${index}`,
          imageId: image(index),
          bundle: 'mini',
          referenceKey: '',
          score: index / 7,
          mapKey: map.key,
        },
        payload: { z: index, a: [0.1, 1e-9, null, 'NUL \0'], regions: numbered(5, (n) => ({ n, text: 'a scratch' })) },
      })),
    }),
  );
  await client.dataset.create({ data: { id: 'd', ownerId: 'u0', name: 'set', format: 'folder' } });
  await inPieces((from, to) =>
    client.datasetItem.createMany({
      data: range(from, to, (index) => ({
        ...{ id: `it${index}`, datasetId: 'd', imageId: image(index), path: `good/${index}.png` },
        label: index % 2 === 0 ? ('normal' as const) : ('anomalous' as const),
      })),
    }),
  );
  await inPieces((from, to) =>
    client.imageFeature.createMany({
      data: range(from, to, (index) => ({
        imageId: image(index),
        bundle: 'mini',
        vector: Buffer.alloc(64, index % 251),
      })),
    }),
  );
  await client.conversation.createMany({
    data: numbered(4, (index) => ({ id: `c${index}`, ownerId: 'u0', title: `t${index}` })),
  });
  await client.message.createMany({
    data: numbered(60, (index) => ({
      ...{
        id: `m${(index * 37) % 60}`,
        conversationId: `c${index % 4}`,
        role: 'user' as const,
        state: 'complete' as const,
      },
      ...{
        parts: [{ type: 'text', text: 'x' }],
        text: index === 5 ? 'a\0b' : 'x',
        ...(index % 2 === 0 && { context: { b: 1, a: 2 } }),
      },
    })),
  });
  for (let index = 4; index < 60; index += 1) {
    await client.message.update({ where: { id: `m${index}` }, data: { parentId: `m${59 - index}` } });
  }
  await client.messageImage.createMany({
    data: numbered(8, (index) => ({
      messageId: `m${index}`,
      imageId: image(index),
      position: index % 2,
      role: 'subject' as const,
    })),
  });
  await client.mask.createMany({
    data: numbered(9, (index) => ({
      ...{ id: `k${index}`, imageId: image(index % 3), rle: { size: [2, 2], counts: [1, index] }, bbox: [0, 0, 1, 1] },
      ...{ areaFraction: 0.25, label: 'l', score: 0.5, source: 'human' as const },
    })),
  });
  await client.mask.update({ where: { id: 'k1' }, data: { supersedesId: 'k7' } });
  await client.review.createMany({
    data: numbered(6, (index) => ({
      id: `r${index}`,
      itemId: `it${index}`,
      reviewerId: 'u1',
      verdict: 'accepted' as const,
    })),
  });
  await client.review.update({ where: { id: 'r0' }, data: { supersedesId: 'r5' } });
  await client.auditEvent.create({
    data: { id: 'a', actorId: 'u2', action: 'x', targetType: 'x', targetId: 'x', detail: { k: [] } },
  });
}
