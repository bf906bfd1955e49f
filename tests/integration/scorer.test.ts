import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Expert, type ExpertScores } from '@/lib/anomaly/expert';
import { Inspector } from '@/lib/anomaly/inspector';
import { Scorer } from '@/lib/anomaly/scorer';
import { openBundle } from '@/lib/engine/bundle';
import { decodeImage } from '@/lib/vision/decode';

const images = join(__dirname, '../fixtures/images');
const open = async (name: string) => decodeImage(await readFile(join(images, name)));

let inspector: Inspector;
let scorer: Scorer<ExpertScores>;

beforeAll(async () => {
  const bundle = await openBundle(join(__dirname, '../../models/mini'));
  inspector = await Inspector.open(bundle);
  scorer = await Scorer.open(bundle, (opened) => Expert.openScores(opened));
});

afterAll(() => Promise.all([inspector.close(), scorer.close()]));

// Evaluations run the part of the expert that scores lead from: what they report must be what users see.
it.each([
  ['of one view', 'cube-abnormal-1.jpg', []],
  ['beside references', 'cube-abnormal-1.jpg', ['cube-normal-2.jpg', 'cube-normal-3.jpg']],
  ['with tiles', 'alien-anomaly-1.jpg', []],
])('scores an image %s as the inspection does', async (title, name, others) => {
  const [image, references] = [await open(name), await Promise.all(others.map(open))];
  const state = await inspector.inspect(image, { references });
  const scores = await scorer.score(await scorer.look(image), await scorer.bankOf(references));
  expect(state.layout.views.length > 1).toBe(title === 'with tiles');
  expect(scores.score).toBe(state.score);
  expect(scores.maps).toEqual(state.maps);
  expect(scores.map).toEqual(state.map);
});
