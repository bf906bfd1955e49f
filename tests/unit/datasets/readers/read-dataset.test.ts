import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { FORMAT_NAMES, layoutOf, PUBLISHED_SETS } from '@/lib/datasets/readers/published-sets';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { type DatasetListing } from '@/lib/datasets/readers/types';
import { layFiles, removeFolder } from '../../../support/folder-tree';

const roots: string[] = [];
/** Files whose contents no reader looks at. */
async function lay(names: readonly string[], texts: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await layFiles({ ...Object.fromEntries(names.map((name) => [name, 'pixels'])), ...texts });
  roots.push(root);
  return root;
}

afterAll(async () => {
  await Promise.all(roots.map(removeFolder));
});

/** `split category/type label masks` of every image, by id. */
function summary(listing: DatasetListing): Record<string, string> {
  return Object.fromEntries(
    listing.items.map(({ id, split, category, type, label, masks }) => {
      const shown = masks.map((mask) => path.relative(listing.root, mask).replaceAll(path.sep, '/'));
      return [id, [split, `${category}/${type}`, label, ...shown].join(' ')];
    }),
  );
}
const problems = (listing: DatasetListing): string[] => listing.problems.map(({ code, where }) => `${code} ${where}`);

describe('MVTec AD and its relatives', () => {
  it('reads categories, splits, types and masks', async () => {
    const listing = await readDataset(
      await lay([
        'bottle/train/good/000.png',
        'bottle/test/good/000.png',
        'bottle/test/broken_large/000.png',
        'bottle/test/broken_large/001.png',
        'bottle/ground_truth/broken_large/000_mask.png',
        'screw/test/good/000.png',
        'screw/test/scratch/000.png',
        'license.txt',
      ]),
    );
    expect(listing.layout).toBe('mvtec');
    expect(summary(listing)).toEqual({
      'bottle/test/broken_large/000.png': 'test bottle/broken_large 1 bottle/ground_truth/broken_large/000_mask.png',
      'bottle/test/broken_large/001.png': 'test bottle/broken_large 1',
      'bottle/test/good/000.png': 'test bottle/good 0',
      'bottle/train/good/000.png': 'train bottle/good 0',
      'screw/test/good/000.png': 'test screw/good 0',
      'screw/test/scratch/000.png': 'test screw/scratch 1',
    });
    // screw has no ground truth at all: that is how the set is; bottle lacks one mask.
    expect(problems(listing)).toEqual(['missing_mask bottle/test/broken_large/001.png']);
  });

  it('reads BTAD: ok and ko, masks without a suffix in another format', async () => {
    const listing = await readDataset(
      await lay(['01/train/ok/0000.bmp', '01/test/ok/0001.bmp', '01/test/ko/0002.bmp', '01/ground_truth/ko/0002.png']),
      'btad',
    );
    expect(summary(listing)).toEqual({
      '01/train/ok/0000.bmp': 'train 01/good 0',
      '01/test/ok/0001.bmp': 'test 01/good 0',
      '01/test/ko/0002.bmp': 'test 01/ko 1 01/ground_truth/ko/0002.png',
    });
  });

  it('reads WFDD and MPDD, and one category alone', async () => {
    const files = ['test/good/1.png', 'test/line/2.png', 'ground_truth/line/2.png'];
    const whole = await readDataset(await lay(files.map((name) => `grey_cloth/${name}`)), 'wfdd');
    expect(whole.items.map((item) => item.masks.length)).toEqual([0, 1]);
    const root = await lay(files);
    const single = await readDataset(root, 'mpdd');
    expect(single.items.map((item) => item.category)).toEqual([path.basename(root), path.basename(root)]);
  });

  it('names an empty folder and reads the rest', async () => {
    const root = await lay(['nut/test/good/1.png', 'nut/test/bent/2.png', 'nut/test/cut/readme.txt']);
    expect(problems(await readDataset(root))).toEqual(['empty_folder nut/test/cut']);
  });
});

describe('VisA', () => {
  const files = [
    'candle/Data/Images/Normal/0000.JPG',
    'candle/Data/Images/Normal/0001.JPG',
    'candle/Data/Images/Anomaly/000.JPG',
    'candle/Data/Masks/Anomaly/000.png',
  ];

  it('follows the official split', async () => {
    const csv = [
      'object,split,label,image,mask',
      'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
      'candle,test,normal,candle/Data/Images/Normal/0001.JPG,',
      'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
      'candle,test,anomaly,candle/Data/Images/Anomaly/999.JPG,candle/Data/Masks/Anomaly/999.png',
      'candle,validation,normal,candle/Data/Images/Normal/0001.JPG,',
      'candle,test,normal,../../etc/passwd,',
    ].join('\n');
    const listing = await readDataset(await lay(files, { 'split_csv/1cls.csv': csv }));
    expect(listing.layout).toBe('visa');
    expect(summary(listing)).toEqual({
      'candle/Data/Images/Normal/0000.JPG': 'train candle/good 0',
      'candle/Data/Images/Normal/0001.JPG': 'test candle/good 0',
      'candle/Data/Images/Anomaly/000.JPG': 'test candle/anomaly 1 candle/Data/Masks/Anomaly/000.png',
    });
    expect(problems(listing)).toEqual([
      'missing_image candle/Data/Images/Anomaly/999.JPG',
      'bad_row split_csv/1cls.csv, row 6',
      'unsafe_path ../../etc/passwd',
    ]);
  });

  it('reads the folders when the split file is not there', async () => {
    const listing = await readDataset(await lay(files));
    expect(Object.values(summary(listing))).toEqual([
      'test candle/anomaly 1 candle/Data/Masks/Anomaly/000.png',
      'test candle/good 0',
      'test candle/good 0',
    ]);
  });
});

describe('the other published sets', () => {
  it('reads AITEX with two masks for one image', async () => {
    const listing = await readDataset(
      await lay([
        'Defect_images/0044_019_04.png',
        'Defect_images/0100_025_08.png',
        'Defect_images/Thumbs.png',
        'Mask_images/0044_019_04_mask1.png',
        'Mask_images/0044_019_04_mask2.png',
        'NODefect_images/2306881-210020u/0001_000_04.png',
      ]),
    );
    expect(listing.layout).toBe('aitex');
    expect(summary(listing)).toEqual({
      'Defect_images/0044_019_04.png':
        'test fabric 04/fuzzyball 1 Mask_images/0044_019_04_mask1.png Mask_images/0044_019_04_mask2.png',
      'Defect_images/0100_025_08.png': 'test fabric 08/warp ball 1',
      'NODefect_images/2306881-210020u/0001_000_04.png': 'test fabric 04/good 0',
    });
    expect(problems(listing)).toEqual([
      'missing_mask Defect_images/0100_025_08.png',
      'bad_row Defect_images/Thumbs.png',
    ]);
  });

  it('reads ELPV with its padded columns; a third is normal, two thirds are defective', async () => {
    const labels = [
      'images/cell0001.png  1.0                 mono',
      'images/cell0002.png  0.3333333333333333  poly',
      'images/cell0003.png  0.6666666666666666  poly',
      'images/cell0004.png  0.0                 mono',
      'images/cell0005.png  many                mono',
    ].join('\n');
    const names = [1, 2, 3, 4, 5].map((n) => `data/images/cell000${n}.png`);
    const listing = await readDataset(await lay(names, { 'data/labels.csv': `${labels}\n` }));
    expect(listing.layout).toBe('elpv');
    expect(listing.items.map(({ label, type }) => [label, type])).toEqual([
      [1, 'defect (mono)'],
      [0, 'good'],
      [1, 'defect (poly)'],
      [0, 'good'],
    ]);
    expect(problems(listing)).toEqual(['bad_row labels.csv, line 5']);
  });

  it('reads HeadCT with its doubled folder', async () => {
    const listing = await readDataset(
      await lay(['head_ct/head_ct/000.png', 'head_ct/head_ct/001.png'], {
        'labels.csv': 'id, hemorrhage\n0,1\n1,0\n2,1\n',
      }),
    );
    expect(listing.layout).toBe('headct');
    expect(listing.items.map(({ id, label }) => [id, label])).toEqual([
      ['head_ct/head_ct/000.png', 1],
      ['head_ct/head_ct/001.png', 0],
    ]);
    expect(problems(listing)).toEqual(['missing_image head_ct/head_ct/002.png']);
  });

  it.each(['brainmri', 'br35h'] as const)('reads %s', async (format) => {
    const wrap = format === 'brainmri' ? 'brain_tumor_dataset/' : '';
    const root = await lay([`${wrap}yes/Y1.jpg`, `${wrap}no/1 no.jpeg`, `${wrap}no/notes.txt`]);
    for (const listing of [await readDataset(root, format), await readDataset(root)]) {
      expect(listing.layout).toBe('yes-no');
      expect(listing.items.map(({ label }) => label)).toEqual([0, 1]);
    }
  });

  it('has a layout for every name, and no name twice', () => {
    expect(new Set(FORMAT_NAMES).size).toBe(FORMAT_NAMES.length);
    for (const name of Object.keys(PUBLISHED_SETS)) {
      expect(FORMAT_NAMES).toContain(name);
    }
    expect(layoutOf('mpdd')).toBe('mvtec');
    expect(layoutOf('folder')).toBe('folder');
  });
});

describe('manifest.csv', () => {
  it('reads rows, takes an empty mask as unmasked, and names bad rows', async () => {
    const csv = [
      'image,mask,category,split,type,label,width,height,orig',
      'a/train/good/1.jpg,,a,train,good,0,4,4,"x, y"',
      'a/test/crack/2.jpg,a/ground_truth/crack/2_mask.png,a,test,crack,1,4,4,z',
      'a/test/crack/3.jpg,,a,test,crack,1,4,4,z',
      'a/test/crack/2.jpg,,a,test,crack,1,4,4,again',
      'a/test/crack/4.jpg,,a,test,crack,maybe,4,4,z',
      '/etc/hostname,,a,test,crack,1,4,4,z',
      'a/test/crack/5.jpg,../../outside.png,a,test,crack,1,4,4,z',
    ].join('\n');
    const images = ['a/train/good/1.jpg', 'a/test/crack/2.jpg', 'a/test/crack/3.jpg', 'a/test/crack/5.jpg'];
    const root = await lay([...images, 'a/ground_truth/crack/2_mask.png'], { 'manifest.csv': csv });
    const listing = await readDataset(root);
    expect(summary(listing)).toEqual({
      'a/train/good/1.jpg': 'train a/good 0',
      'a/test/crack/2.jpg': 'test a/crack 1 a/ground_truth/crack/2_mask.png',
      'a/test/crack/3.jpg': 'test a/crack 1',
      'a/test/crack/5.jpg': 'test a/crack 1',
    });
    expect(problems(listing)).toEqual([
      'duplicate a/test/crack/2.jpg',
      'bad_row manifest.csv, row 6',
      'unsafe_path /etc/hostname',
      'unsafe_path ../../outside.png',
    ]);
  });

  it.each([
    ['image,mask\n1.jpg,\n', 'no column category, split, type, label'],
    ['image,mask,category,split,type,label\n"1.jpg,,a\n', 'no readable CSV'],
    ['', 'has no images'],
  ])('refuses %j', async (csv, message) => {
    await expect(readDataset(await lay(['1.jpg'], { 'manifest.csv': csv }))).rejects.toThrow(message);
  });
});

describe('plain folders', () => {
  it('reads normal and anomalous images, types from inner folders and masks by name', async () => {
    const listing = await readDataset(
      await lay(['OK/1.png', 'NG/2.png', 'NG/dent/3.png', 'masks/2.png', 'masks/3_mask.png']),
    );
    expect(listing.layout).toBe('folder');
    expect(listing.items.map(({ id, label, type, masks }) => [id, label, type, masks.length])).toEqual([
      ['NG/2.png', 1, 'anomaly', 1],
      ['NG/dent/3.png', 1, 'dent', 1],
      ['OK/1.png', 0, 'good', 0],
    ]);
  });

  it('reads one such folder per category', async () => {
    const listing = await readDataset(await lay(['cup/normal/1.png', 'cup/abnormal/2.png', 'lid/good/3.png']));
    expect(listing.items.map(({ category, label }) => [category, label])).toEqual([
      ['cup', 1],
      ['cup', 0],
      ['lid', 0],
    ]);
  });

  it('refuses what is no data set, saying what to do', async () => {
    await expect(readDataset(await lay(['holiday/1.png']))).rejects.toThrow('--format');
    await expect(readDataset('/no/such/folder')).rejects.toThrow('is no folder');
    const root = await lay([]);
    await mkdir(path.join(root, 'good'));
    await expect(readDataset(root)).rejects.toThrow('has no images');
    await rm(root, { recursive: true });
  });
});
