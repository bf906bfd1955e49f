import path from 'node:path';
import sharp from 'sharp';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { settleMasks } from '@/lib/evaluation/settle-masks';
import { layFiles, removeFolder } from '../../support/folder-tree';

const plain = (value: number) =>
  sharp({ create: { width: 16, height: 12, channels: 3, background: { r: value, g: value, b: value } } })
    .png()
    .toBuffer();

test('a normal image whose mask marks something, or cannot be read, is not evaluated as normal', async () => {
  const [image, white, black] = [await plain(90), await plain(255), await plain(0)];
  const root = await layFiles({
    ...Object.fromEntries(['0', '1', '2', '3'].map((name) => [`test/good/${name}.png`, image])),
    'test/bad/0.png': image,
    'ground_truth/good/0_mask.png': white,
    'ground_truth/good/1_mask.png': black,
    'ground_truth/good/2_mask.png': white.subarray(0, 40),
    'ground_truth/bad/0_mask.png': white,
  });
  try {
    const { items, unlabelled, problems } = await settleMasks(await readDataset(root));
    expect(items.map(({ id }) => id)).toEqual(['test/bad/0.png', 'test/good/1.png', 'test/good/3.png']);
    expect(unlabelled.map(({ id }) => id)).toEqual(['test/good/0.png', 'test/good/2.png']);
    expect(problems.map(({ code, where }) => `${code} ${path.posix.basename(where)}`)).toEqual([
      'contradiction 0.png',
      'contradiction 2.png',
    ]);
  } finally {
    await removeFolder(root);
  }
});

test('masks alone label a set: what they mark is anomalous, an empty one is normal', async () => {
  const [image, white, black] = [await plain(90), await plain(255), await plain(0)];
  const root = await layFiles({
    ...Object.fromEntries(['train/0', 'train/1', 'test/2', 'test/3', 'test/4'].map((name) => [`${name}.png`, image])),
    'train/0_GT.png': black,
    'train/1_GT.png': white,
    'test/2_GT.png': black,
    'test/3_GT.png': white.subarray(0, 40),
  });
  try {
    const { layout, items, unlabelled, problems } = await settleMasks(await readDataset(root));
    expect(layout).toBe('masks');
    expect(items.map(({ id, label, split, masks }) => [id, label, split, masks.length])).toEqual([
      ['test/2.png', 0, 'test', 0],
      ['train/0.png', 0, 'train', 0],
      ['train/1.png', 1, 'train', 1],
    ]);
    expect(unlabelled.map(({ id }) => id)).toEqual(['test/4.png', 'test/3.png']);
    expect(problems.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'not_labelled test',
      'contradiction test/3.png',
    ]);
  } finally {
    await removeFolder(root);
  }
});
