/**
 * Stores a data set with as many items as asked for, to be reviewed, and prints their ids, and two masks to review them
 * with, as JSON.
 */
import { Readable } from 'node:stream';
import { newId } from '@/lib/contract';
import { closeDatabase, database } from '@/lib/database/client';
import { LOCAL_USER_ID, ensureLocalUser } from '@/lib/database/users';
import { receiveImage } from '@/lib/images/receive-image';
import { compressCounts } from '@/lib/segmentation/rle';
import sharp from 'sharp';

async function main(count: number): Promise<void> {
  await ensureLocalUser();
  const owner = { userId: LOCAL_USER_ID };
  const dataset = await database().dataset.create({
    data: { id: newId(), ownerId: LOCAL_USER_ID, name: 'To review', format: 'folder' },
  });
  const items: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const background = { r: 20 + i, g: 90, b: 160 };
    const png = await sharp({ create: { width: 64, height: 48, channels: 3, background } })
      .png()
      .toBuffer();
    const image = await receiveImage(owner, Readable.from([png]), `part-${i}.png`);
    const item = await database().datasetItem.create({
      data: { id: newId(), datasetId: dataset.id, imageId: image.id, path: `test/part-${i}.png` },
    });
    items.push(item.id);
  }
  // The first columns of an image, so many pixels of them.
  const masks = [100, 1000].map((area) => ({ size: [48, 64], counts: compressCounts([0, area, 48 * 64 - area]) }));
  process.stdout.write(JSON.stringify({ datasetId: dataset.id, items, masks }));
  await closeDatabase();
}

void main(Number(process.argv[2] ?? '4'));
