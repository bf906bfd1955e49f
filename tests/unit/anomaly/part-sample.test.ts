import { type PartSample, phaseOf, thinSample } from '@/lib/anomaly/part-sample';

const WIDTH = 1;
const COUNT = 784;

/** A sample of which each patch is told by its place. */
function sampleOf(key: string): PartSample {
  const places = Float32Array.from({ length: COUNT }, (_, place) => place);
  const kept = { unit: [new Int8Array(COUNT)], within: [places] };
  return { key, rawScore: 0.5, kinds: new Map([['base', kept]]), looks: [] };
}

const placesOf = (sample: PartSample): number[] => [...(sample.kinds.get('base')?.within[0] ?? [])];

describe('thinSample', () => {
  it('keeps as many patches as asked, evenly spread and in their order', () => {
    const places = placesOf(thinSample(sampleOf('a'), WIDTH, 100));
    expect(places).toHaveLength(100);
    const gaps = places.slice(1).map((place, i) => place - (places[i] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([7, 8]));
  });

  it('keeps other places of every sample, so that together they cover the view', () => {
    const kept = Array.from({ length: 60 }, (_, i) => placesOf(thinSample(sampleOf(`sample ${i}`), WIDTH, 100)));
    expect(new Set(kept.flat()).size).toBeGreaterThan(0.95 * COUNT);
  });

  it('keeps the same places of a sample every time, and all where there are few', () => {
    const [once, again] = [thinSample(sampleOf('a'), WIDTH, 100), thinSample(sampleOf('a'), WIDTH, 100)];
    expect(placesOf(again)).toEqual(placesOf(once));
    expect(placesOf(thinSample(sampleOf('a'), WIDTH, COUNT))).toEqual(placesOf(sampleOf('a')));
  });
});

it('phaseOf is from 0 to below 1 and spread over it', () => {
  const phases = Array.from({ length: 400 }, (_, i) => phaseOf(`image ${i}`));
  expect(Math.min(...phases)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...phases)).toBeLessThan(1);
  for (const quarter of [0, 1, 2, 3]) {
    expect(phases.filter((phase) => Math.floor(phase * 4) === quarter).length).toBeGreaterThan(60);
  }
});
