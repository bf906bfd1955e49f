import type { InspectionState } from '@/lib/anomaly/state';
import { maskArea } from '@/lib/segmentation/mask';
import { MapMasks } from '@/lib/segmentation/map-masks';
import { layOut } from '@/lib/vision/layout';
import { mapMask, sampleManifest } from '../../support/sample-manifest';

const { vision } = sampleManifest();
const SIZE = { width: 280, height: 140 };
const masks = new MapMasks(vision, mapMask);

/** A look of one view whose patches have the given values, 0 elsewhere; column and row of the 28 x 28 grid. */
function look(patches: readonly { column: number; row: number; value: number }[]) {
  const maps = new Float32Array(vision.grid ** 2);
  for (const { column, row, value } of patches) {
    maps[row * vision.grid + column] = value;
  }
  const picture = { ...SIZE, pixels: new Uint8Array(SIZE.width * SIZE.height * 3) };
  // What masks of a map read; the rest of a look says nothing about them.
  return { image: { ...SIZE, sha256: '' }, layout: layOut(SIZE, vision), maps, picture } as InspectionState;
}
const square = (left: number, top: number, side: number, value: number) =>
  Array.from({ length: side * side }, (_, i) => ({
    column: left + (i % side),
    row: top + Math.floor(i / side),
    value,
  }));

describe('masks of the anomaly map', () => {
  it('are the regions above the threshold, where the patches are, without a type', async () => {
    const state = look([...square(2, 4, 4, 0.9), ...square(20, 20, 4, 0.6), ...square(12, 12, 3, 0.3)]);
    const { regions, mask, types, fallback } = await masks.segment(state);
    // A patch is 10 x 5 px of this image.
    expect(regions.map(({ bbox: [x, y] }) => [Math.round(x / 10), Math.round(y / 5)])).toEqual([
      [2, 4],
      [20, 20],
    ]);
    expect(maskArea(mask)).toBe(regions.reduce((sum, { areaPx }) => sum + areaPx, 0));
    expect([types, fallback]).toEqual([[], false]);
  });

  it('are empty below the threshold, unless an answer points at something', async () => {
    const state = look(square(12, 12, 3, 0.3));
    expect((await masks.segment(state)).regions).toEqual([]);
    const pointed = await masks.segment(state, new Float32Array(4));
    expect(pointed.fallback).toBe(true);
    expect(pointed.regions).toHaveLength(1);
    expect((await masks.segment(look([]), new Float32Array(4))).regions).toEqual([]);
  });

  it('cut out the connected region at a click', async () => {
    const state = look([...square(2, 4, 4, 0.9), ...square(20, 20, 4, 0.6)]);
    const pressed = await masks.segmentAt(state, [{ x: 220, y: 110, positive: true }]);
    expect(pressed.data[110 * SIZE.width + 220]).toBe(1);
    expect(pressed.data[30 * SIZE.width + 40]).toBe(0);
    const beside = await masks.segmentAt(state, [{ x: 140, y: 70, positive: true }]);
    expect(maskArea(beside)).toBe(0);
  });
});
