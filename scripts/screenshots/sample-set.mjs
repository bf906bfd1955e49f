/**
 * A small data set of the pictures that this repository may show (tests/fixtures/images, public/samples), laid as MVTec
 * AD lays its own.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../bootstrap.mjs';

const FIXTURES = join(root, 'tests/fixtures/images');
const SAMPLES = join(root, 'public/samples');
const MASK = 'masks/cracked-cookie.png';

/** Pictures by where they go; whoever is in both folders has different names. */
const FILES = {
  'cookies/train/good': ['whole-cookie', 'cookie-normal-3'],
  'cookies/test/good': ['cookie-normal-1', 'cookie-normal-2'],
  'cookies/test/cracked': [
    'cracked-cookie',
    'cookie-cracked-1',
    'cookie-cracked-2',
    'cookie-cracked-3',
    'cookie-cracked-4',
  ],
  'cubes/train/good': ['clean-cube', 'cube-normal-1', 'cube-normal-3'],
  'cubes/test/good': ['cube-normal-2', 'cube-normal-4'],
  'cubes/test/marked': ['marked-cube', 'cube-abnormal-1', 'cube-abnormal-2', 'cube-abnormal-3', 'cube-abnormal-4'],
  'figures/train/good': ['alien-normal-1'],
  'figures/test/good': ['alien-normal-2'],
  'figures/test/damaged': ['alien-anomaly-1', 'alien-anomaly-2', 'alien-anomaly-3'],
};
const IN_SAMPLES = new Set(['whole-cookie', 'cracked-cookie', 'clean-cube', 'marked-cube']);

/**
 * Lays the set into a folder, with a `manifest.csv` that names the one true mask there is.
 * @returns the folder of the whole set; each category below it is a set too
 */
export function laySampleSet(parent) {
  const folder = join(parent, 'shift-samples');
  const put = (from, to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(from, join(folder, to));
  };
  put(join(root, 'tests/fixtures/masks/cracked-cookie.png'), MASK);
  const rows = Object.entries(FILES).flatMap(([place, names]) =>
    names.map((name) => {
      const [category, split, type] = place.split('/');
      const image = `${place}/${name}.jpg`;
      put(join(IN_SAMPLES.has(name) ? SAMPLES : FIXTURES, `${name}.jpg`), image);
      return [image, name === 'cracked-cookie' ? MASK : '', category, split, type, type === 'good' ? 0 : 1].join(',');
    }),
  );
  writeFileSync(join(folder, 'manifest.csv'), ['image,mask,category,split,type,label', ...rows, ''].join('\n'));
  return folder;
}

/**
 * Lays a set as it comes from an annotation tool on a bad day: shapes that no one can read, an image that was cut off,
 * one that is missing, and files of no use.
 * @returns its folder
 */
export function layFaultySet(parent) {
  const folder = join(parent, 'line-3-labels');
  mkdirSync(join(folder, 'images'), { recursive: true });
  const names = [...FILES['cookies/test/cracked'], ...FILES['cubes/test/marked'], 'clean-cube', 'whole-cookie'];
  const images = names.map((name, index) => {
    const bytes = readFileSync(join(IN_SAMPLES.has(name) ? SAMPLES : FIXTURES, `${name}.jpg`));
    writeFileSync(join(folder, 'images', `${name}.jpg`), name === 'cube-abnormal-4' ? bytes.subarray(0, 900) : bytes);
    return { id: index + 1, file_name: `${name}.jpg` };
  });
  const box = [40, 60, 120, 90];
  const outline = [40, 60, 160, 60, 160, 150, 40, 150];
  const shapes = [
    ...[1, 2, 3].map((image) => ({ image_id: image, category_id: 1, bbox: box, segmentation: [outline] })),
    { image_id: 4, category_id: 1, bbox: ['left', 60, 120, 90] },
    { image_id: 5, category_id: 7, segmentation: [[40, 60, 160]] },
    { image_id: 6, category_id: 2, bbox: box },
    { image_id: 7, category_id: 2, segmentation: 'AAA=' },
    { image_id: 9, category_id: 2, bbox: box },
  ].map((shape, index) => ({ id: index + 1, ...shape }));
  const categories = [
    { id: 1, name: 'crack' },
    { id: 2, name: 'mark' },
  ];
  images.push({ id: 99, file_name: 'IMG_2231.jpg' });
  writeFileSync(join(folder, 'instances.json'), JSON.stringify({ images, annotations: shapes, categories }));
  writeFileSync(join(folder, 'Thumbs.db'), '');
  writeFileSync(join(folder, 'images', 'belt.mp4'), '');
  writeFileSync(join(folder, 'images', 'shift notes.docx'), 'PK');
  return folder;
}
