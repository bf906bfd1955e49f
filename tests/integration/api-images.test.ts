import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { GET as content } from '@/app/api/images/[id]/content/route';
import { GET as info } from '@/app/api/images/[id]/route';
import { GET as list, POST as upload } from '@/app/api/images/route';
import { errorBodySchema, imageListSchema, imageSchema, limits, newId } from '@/lib/contract';
import { makePng } from '../support/images';
import { useDataDirectory } from '../support/data-directory';
import { call } from '../support/request';

const data = useDataDirectory();

async function blobCount(): Promise<number> {
  const entries = await readdir(join(data.path(), 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

async function code(response: Response): Promise<string> {
  return errorBodySchema.parse(await response.json()).error.code;
}

test('stores a raw body and a multipart file of the same content once, under one id', async () => {
  const png = await makePng();
  const raw = imageSchema.parse(await (await call(upload, '/api/images?name=part%201.png', { body: png })).json());
  expect(raw).toMatchObject({ name: 'part 1.png', mime: 'image/png', width: 320, height: 240, bytes: png.length });
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(png)], { type: 'text/html' }), '../../evil/<b>.svg');
  const multipart = imageSchema.parse(await (await call(upload, '/api/images', { body: form })).json());
  expect(multipart).toEqual(raw);
  expect(await blobCount()).toBe(1);
  expect(await (await call(info, '/', { params: { id: raw.id } })).json()).toEqual(raw);
});

test('serves pixels that our encoder wrote, upright, without EXIF, at the offered widths', async () => {
  const exif = { IFD0: { Copyright: 'someone' } };
  const jpeg = await sharp(await makePng(1, 400, 200))
    .jpeg()
    .withMetadata({ orientation: 6 })
    .withExifMerge(exif)
    .toBuffer();
  const { id, width, height } = imageSchema.parse(await (await call(upload, '/api/images', { body: jpeg })).json());
  expect([width, height]).toEqual([200, 400]);
  for (const [query, format, expected] of [
    ['', 'jpeg', 200],
    ['?w=100', 'webp', 160],
    ['?w=100&format=png', 'png', 160],
    ['?w=2000', 'webp', 200],
  ] as const) {
    for (const repeat of ['first', 'cached']) {
      const response = await call(content, `/api/images/${id}/content${query}`, { params: { id } });
      const metadata = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect([repeat, metadata.format, metadata.width, metadata.exif]).toEqual([repeat, format, expected, undefined]);
      expect(response.headers.get('content-type')).toBe(`image/${format}`);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  }
});

test.each([
  ['nothing', Buffer.alloc(0), 422, 'unreadable_image'],
  ['text', Buffer.from('hello '.repeat(100)), 415, 'unsupported_image'],
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    415,
    'unsupported_image',
  ],
  ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 415, 'unsupported_image'],
  ['a signature alone', Buffer.from('89504e470d0a1a0a', 'hex'), 422, 'unreadable_image'],
])('refuses %s and keeps nothing', async (_what, body, status, expected) => {
  const before = await blobCount();
  const response = await call(upload, '/api/images?name=x.png', { body, headers: { 'content-type': 'image/png' } });
  expect(response.status).toBe(status);
  expect(await code(response)).toBe(expected);
  expect(await blobCount()).toBe(before);
});

test('refuses a truncated image and one with too many pixels, and keeps neither', async () => {
  const before = await blobCount();
  const noisy = await sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer();
  const cut = await call(upload, '/api/images', { body: noisy.subarray(0, noisy.length / 2) });
  expect([cut.status, await code(cut)]).toEqual([422, 'unreadable_image']);
  const huge = await sharp({
    create: { width: 20_000, height: 20_000, channels: 3, background: '#fff' },
    limitInputPixels: false,
  })
    .png()
    .toBuffer();
  const bomb = await call(upload, '/api/images', { body: huge });
  expect([bomb.status, await code(bomb)]).toEqual([413, 'image_too_many_pixels']);
  expect(await blobCount()).toBe(before);
});

test('stops receiving at the limit, whatever the headers say', async () => {
  const before = await blobCount();
  const head = await makePng();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = sent === 0 ? head : Buffer.alloc(1024 * 1024);
      sent += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const response = await call(upload, '/api/images', { body, headers: { 'content-length': '100' } });
  expect([response.status, await code(response)]).toEqual([413, 'image_too_large']);
  expect(sent).toBeLessThan(limits.imageBytes + 4 * 1024 * 1024);
  expect(await blobCount()).toBe(before);
});

test('answers alike for what is absent and what is no id', async () => {
  for (const id of [newId(), '../../etc/passwd', '']) {
    expect((await call(info, '/', { params: { id } })).status).toBe(404);
    expect((await call(content, '/', { params: { id } })).status).toBe(404);
  }
});

test('takes many uploads at once', async () => {
  const bodies = await Promise.all(Array.from({ length: 40 }, (_, i) => makePng(i % 20)));
  const responses = await Promise.all(bodies.map((body) => call(upload, '/api/images', { body })));
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  const ids = await Promise.all(responses.map(async (response) => imageSchema.parse(await response.json()).id));
  expect(new Set(ids).size).toBe(20);
});

test('lists images page by page, the newest first, and finds them by the words of their names', async () => {
  for (const [seed, name] of ['gear left.png', 'gear right.png', 'Gear 100%.png', 'bolt.png'].entries()) {
    await call(upload, `/api/images?name=${encodeURIComponent(name)}`, { body: await makePng(50 + seed, 64, 64) });
  }
  const page = async (query: string) => imageListSchema.parse(await (await call(list, `/api/images?${query}`)).json());
  const all = await page('limit=100');
  const names = [];
  for (let cursor: string | null = '', pages = 0; cursor !== null && pages < 50; pages += 1) {
    const { images, nextCursor }: { images: { id: string }[]; nextCursor: string | null } = await page(
      `limit=2${cursor ? `&cursor=${cursor}` : ''}`,
    );
    names.push(...images.map(({ id }) => id));
    cursor = nextCursor;
  }
  expect(names).toEqual(all.images.map(({ id }) => id));
  expect(all.images[0]).toMatchObject({ name: 'bolt.png', inspection: null });
  expect((await page('q=gear%20right')).images.map(({ name }) => name)).toEqual(['gear right.png']);
  expect((await page('q=100%25')).images.map(({ name }) => name)).toEqual(['Gear 100%.png']);
  expect((await page('q=gear')).images).toHaveLength(3);
  expect((await call(list, '/api/images?cursor=nonsense')).status).toBe(400);
});
