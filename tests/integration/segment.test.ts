import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeModels, loadModels, type Models } from '@/lib/engine/worker/models';
import type { InspectionState } from '@/lib/anomaly/state';
import { type Click, clickPrompt } from '@/lib/segmentation/click-prompt';
import { maskArea } from '@/lib/segmentation/mask';
import { decodeImage } from '@/lib/vision/decode';

let models: Models;
let state: InspectionState;

beforeAll(async () => {
  models = await loadModels(join(process.cwd(), 'models/mini'));
  const image = await decodeImage(readFileSync(join(process.cwd(), 'public/samples/cracked-cookie.jpg')));
  state = await models.inspector.inspect(image);
}, 300_000);
afterAll(() => closeModels(models));

/** The most anomalous place of the map, in px of the image. */
function hottest(): Click {
  const { width, height, values } = state.map;
  const at = values.indexOf(values.reduce((most, value) => Math.max(most, value), 0));
  return {
    x: Math.floor((((at % width) + 0.5) * state.image.width) / width),
    y: Math.floor(((Math.floor(at / width) + 0.5) * state.image.height) / height),
    positive: true,
  };
}

it('a click cuts out one region of the image’s size at the place pressed', async () => {
  const click = hottest();
  const mask = await models.segmenter.segmentAt(state, [click]);
  expect([mask.width, mask.height]).toEqual([state.image.width, state.image.height]);
  const reach = Math.ceil(0.02 * Math.max(mask.width, mask.height));
  let near = false;
  for (let y = Math.max(0, click.y - reach); y <= Math.min(mask.height - 1, click.y + reach); y += 1) {
    near ||= mask.data.subarray(y * mask.width + click.x - reach, y * mask.width + click.x + reach).includes(1);
  }
  expect(near).toBe(true);
  expect(maskArea(mask)).toBeGreaterThan(20);
  expect(maskArea(mask)).toBeLessThan(0.6 * mask.data.length);
});

it('a click on what does not belong keeps its surroundings out, and never adds', async () => {
  const click = hottest();
  const first = await models.segmenter.segmentAt(state, [click]);
  // The pixel of the region that lies farthest from the click.
  let far = { x: click.x, y: click.y, distance: -1 };
  first.data.forEach((value, index) => {
    const [x, y] = [index % first.width, Math.floor(index / first.width)];
    const distance = Math.hypot(x - click.x, y - click.y);
    if (value === 1 && distance > far.distance) {
      far = { x, y, distance };
    }
  });
  const second = await models.segmenter.segmentAt(state, [click, { x: far.x, y: far.y, positive: false }]);
  expect(second.data[far.y * second.width + far.x]).toBe(0);
  expect(maskArea(second)).toBeLessThan(maskArea(first));
});

it('the prompt is never above 1, and 0 where an unwanted place is pressed', () => {
  const click = hottest();
  const away = { x: 3, y: 3, positive: false };
  const { vision } = models.bundle.manifest;
  const prompt = clickPrompt(state, vision, [click, away]);
  expect(prompt.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(prompt[0]).toBe(0);
  expect(prompt.length).toBe(state.maps.length);
});
