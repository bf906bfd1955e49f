import sharp from 'sharp';
import { makePng } from '../support/images';
import { sharedServer, signInServed } from '../support/served';
import { upload } from '../support/served-client';

const team = sharedServer('team');

jest.setTimeout(180_000);

it('an upload is not kept waiting by the slow pictures of another account', async () => {
  const ada = await signInServed(team, 'ada@example.com', 'engineer');
  const bob = await signInServed(team, 'bob@example.com', 'engineer');
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const slow = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((shade) =>
      sharp({ create: { width: 1600, height: 1600, channels: 3, background: { r: shade, g: 90, b: 90 }, noise } })
        .avif({ effort: 0, quality: 95 })
        .toBuffer(),
    ),
  );
  const order: string[] = [];
  const flood = slow.map((bytes, i) => upload(team.url, bytes, ada).then(() => order.push(`ada ${i}`)));
  // The flood is under way.
  await Promise.race(flood);
  const mine = upload(team.url, await makePng(31, 64, 48), bob).then(() => order.push('bob'));
  await Promise.all([...flood, mine]);
  // Ada's others wait for each other; at most the one that was being stored may come first.
  expect(order.indexOf('bob')).toBeLessThanOrEqual(2);
});
