import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inspector } from '@/lib/anomaly/inspector';
import { openBundle } from '@/lib/engine/bundle';
import { type DecodedImage, decodeImage } from '@/lib/vision/decode';

const images = join(__dirname, '../fixtures/images');
const open = async (name: string) => decodeImage(await readFile(join(images, name)));

let inspector: Inspector;
let first: DecodedImage;
let second: DecodedImage;
let references: DecodedImage[];

beforeAll(async () => {
  inspector = await Inspector.open(await openBundle(join(__dirname, '../../models/mini')));
  first = await open('cube-abnormal-1.jpg');
  second = await open('cube-normal-1.jpg');
  references = [await open('cube-normal-2.jpg'), await open('cube-normal-3.jpg')];
});

afterAll(() => inspector.close());

/** Inspects, counting the views that were encoded for it and remembering how many were announced. */
function inspect(image: DecodedImage, signal?: AbortSignal) {
  const seen = { done: 0, total: 0 };
  const result = inspector.inspect(image, {
    references,
    signal,
    onProgress: (done, total) => Object.assign(seen, { done, total }),
  });
  return { result, seen };
}

it('goes on when the inspection that encoded the references is cancelled', async () => {
  const cancel = new AbortController();
  const one = inspect(first, cancel.signal);
  const other = inspect(second);
  cancel.abort();
  await expect(one.result).rejects.toMatchObject({ code: 'cancelled' });
  expect((await other.result).referenceCount).toBe(2);
  // It encoded the references itself then, and said so.
  expect(other.seen.done).toBe(other.seen.total);
  expect(other.seen.total).toBeGreaterThanOrEqual(3);
});

it('encodes the same references once for images inspected at the same time', async () => {
  references = [...references, await open('cube-normal-4.jpg')];
  // Looked at before, the second image has no views of its own left to encode.
  await inspector.inspect(second);
  const [one, other] = [inspect(first), inspect(second)];
  const [abnormal, normal] = await Promise.all([one.result, other.result]);
  expect(abnormal.score).toBeGreaterThan(normal.score);
  expect(one.seen.done).toBe(one.seen.total);
  expect(other.seen).toEqual({ done: 0, total: 0 });
  expect(one.seen.total).toBeGreaterThanOrEqual(abnormal.layout.views.length + 3);
});
