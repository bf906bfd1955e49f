import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PixelCounter } from '@/lib/evaluation/metrics/pixel-counter';
import { pimoArea, sharedFprCurve } from '@/lib/evaluation/metrics/pimo';
import { auroc, averagePrecision, f1Max } from '@/lib/evaluation/metrics/ranking';
import { rougeL } from '@/lib/evaluation/metrics/rouge';
import { countByThreshold } from '@/lib/evaluation/metrics/threshold-counts';
import { type Verdict, verdictMetrics } from '@/lib/evaluation/metrics/verdicts';
import { seededRandom } from '@/lib/common/random';
import { preparePython, runReference } from '../crosscheck/prepare';

type Ranking = { auroc: number; averagePrecision: number; f1Max: number };
type Reference = {
  image: Ranking;
  pixel: Ranking & { pro: number };
  aupimo: number[];
  rougeL: number[];
  verdicts: { precision: number; recall: number; f1: number };
};

const SIDE = 128;
const IMAGES = 12;
const PIMO = { lower: 1e-4, upper: 1e-2 };
const TEXTS: [string, string][] = [
  ['Yes, there is a scratch at the upper left.', 'Yes: a thin scratch is visible at the upper left edge.'],
  ['No anomaly.', 'The surface shows no anomaly'],
  ['crack', 'dent'],
];

/** Scores like those of real maps: crowded at both ends, with exact ties (a quantised tenth of the images). */
function makeCase() {
  const random = seededRandom(20261124);
  const maps = new Float32Array(IMAGES * SIDE * SIDE);
  const masks = new Uint8Array(maps.length);
  for (let image = 0; image < IMAGES; image += 1) {
    const blobs = image % 3 === 0 ? 0 : 1 + (image % 4);
    for (let blob = 0; blob < blobs; blob += 1) {
      const [cx, cy, rx, ry] = [random() * SIDE, random() * SIDE, 2 + random() * 14, 1 + random() * 5];
      for (let p = 0; p < SIDE * SIDE; p += 1) {
        if ((((p % SIDE) - cx) / rx) ** 2 + ((Math.floor(p / SIDE) - cy) / ry) ** 2 <= 1) {
          masks[image * SIDE * SIDE + p] = 1;
        }
      }
    }
    for (let p = image * SIDE * SIDE; p < (image + 1) * SIDE * SIDE; p += 1) {
      const logit = 16 * (random() + random() - 1) + (masks[p] ? 4 : -5);
      const value = 1 / (1 + Math.exp(-logit));
      maps[p] = image === 5 ? Math.round(value * 20) / 20 : value;
    }
  }
  const labels = Array.from({ length: 400 }, () => (random() < 0.3 ? 1 : 0));
  const scores = labels.map((label) => Math.round((random() + 0.3 * label) * 50) / 50);
  const truth = labels.slice(0, 60).map((label) => label === 1);
  const said = truth.map((yes) => (random() < 0.75 ? yes : !yes));
  return { maps, masks, labels, scores, truth, said };
}

describe('metrics beside the reference implementations', () => {
  const data = makeCase();
  let folder: string;
  let reference: Reference;

  beforeAll(async () => {
    const python = await preparePython();
    folder = await mkdtemp(path.join(tmpdir(), 'looktwice-crosscheck-'));
    const maps = path.join(folder, 'maps.f32');
    const masks = path.join(folder, 'masks.u8');
    await writeFile(maps, data.maps);
    await writeFile(masks, data.masks);
    reference = (await runReference(python, 'metrics.py', {
      maps,
      masks,
      shape: [IMAGES, SIDE, SIDE],
      scores: data.scores,
      labels: data.labels,
      truth: data.truth,
      said: data.said,
      texts: TEXTS,
      pimo: PIMO,
    })) as Reference;
  }, 600_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const within = (actual: number | null | undefined, expected: number, tolerance: number): void => {
    expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(tolerance);
  };

  it('image AUROC, AP and F1-max equal scikit-learn to 1e-9, with ties', () => {
    const counts = countByThreshold(data.scores, data.labels);
    within(auroc(counts), reference.image.auroc, 1e-9);
    within(averagePrecision(counts), reference.image.averagePrecision, 1e-9);
    within(f1Max(counts)?.value, reference.image.f1Max, 1e-9);
  });

  it('pixel AUROC, AP and F1-max equal scikit-learn to 1e-6, PRO its definition to 1e-6', () => {
    const counter = new PixelCounter();
    const size = SIDE * SIDE;
    for (let image = 0; image < IMAGES; image += 1) {
      const part = [image * size, (image + 1) * size] as const;
      counter.add(data.maps.subarray(...part), { width: SIDE, height: SIDE, data: data.masks.subarray(...part) });
    }
    const metrics = counter.metrics();
    within(metrics.auroc, reference.pixel.auroc, 1e-6);
    within(metrics.averagePrecision, reference.pixel.averagePrecision, 1e-6);
    within(metrics.f1Max, reference.pixel.f1Max, 1e-6);
    within(metrics.pro, reference.pixel.pro, 1e-6);
  });

  it('AUPIMO equals its definition', async () => {
    const size = SIDE * SIDE;
    const images = Array.from({ length: IMAGES }, (_, image) => ({
      map: data.maps.subarray(image * size, (image + 1) * size),
      mask: data.masks.subarray(image * size, (image + 1) * size),
    }));
    const normal = images.filter(({ mask }) => !mask.includes(1)).map(({ map }) => map);
    const shared = await sharedFprCurve(normal, normal.length, PIMO.upper);
    const areas = images.map(({ map, mask }) => shared && pimoArea(shared, map, mask, PIMO)).filter((x) => x !== null);
    expect(areas.length).toBe(reference.aupimo.length);
    areas.forEach((area, index) => within(area, reference.aupimo[index] ?? Number.NaN, 1e-9));
  });

  it('ROUGE-L equals rouge-score, verdict rates equal scikit-learn', () => {
    TEXTS.forEach(([a, b], index) => within(rougeL(a, b).f1, reference.rougeL[index] ?? Number.NaN, 1e-9));
    const verdicts = data.said.map((yes): Verdict => (yes ? 'yes' : 'no'));
    const metrics = verdictMetrics(verdicts, data.truth);
    within(metrics.precision, reference.verdicts.precision, 1e-12);
    within(metrics.recall, reference.verdicts.recall, 1e-12);
    within(metrics.f1, reference.verdicts.f1, 1e-12);
  });
});
