import sharp from 'sharp';
import { makePng } from '../support/images';
import { send, sharedServer } from '../support/served';
import { beginImport, zipOf } from '../support/served-client';

const { url } = sharedServer('local');

jest.setTimeout(180_000);

/** Asks whether the server is there, again and again until the work has ended; the answers' statuses. */
async function askMeanwhile(work: Promise<unknown>): Promise<number[]> {
  const statuses: number[] = [];
  let running = true;
  const done = work.finally(() => {
    running = false;
  });
  while (running) {
    statuses.push((await send(url, '/healthz')).status);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done;
  return statuses;
}

it.each([
  ['a hundred thousand digits', '0'.repeat(100_000)],
  ['a million digits', '7'.repeat(1_000_000)],
  ['a hundred thousand signs and points', '-.'.repeat(100_000)],
])('a label line of %s ends, and the server answers meanwhile', async (_what, line) => {
  const archive = await zipOf({
    'set/images/a.png': await makePng(21, 64, 48),
    'set/labels/a.txt': `${line}\n`,
    'set/images/b.png': await makePng(22, 64, 48),
    'set/labels/b.txt': '0 0.5 0.5 0.2 0.2\n',
  });
  const { wait } = await beginImport(url, archive);
  const ended = wait();
  const statuses = await askMeanwhile(ended);
  expect(await ended).toMatchObject({ state: 'done', added: 2 });
  expect(new Set(statuses)).toEqual(new Set([200]));
});

it('many shapes on a large picture are drawn, and the server answers meanwhile', async () => {
  const [width, height] = [4000, 3000];
  const picture = await sharp({ create: { width, height, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  const row = (i: number) => {
    const [x, y] = [0.02 + (i % 10) * 0.09, 0.02 + Math.floor(i / 10) * 0.09];
    return `0 ${x} ${y} ${x + 0.01} ${y} ${x + 0.01} ${y + 0.01} ${x} ${y + 0.01}`;
  };
  const rows = Array.from({ length: 100 }, (_, i) => row(i)).join('\n');
  const { wait } = await beginImport(url, await zipOf({ 'set/images/a.png': picture, 'set/labels/a.txt': rows }));
  const ended = wait();
  const statuses = await askMeanwhile(ended);
  expect(await ended).toMatchObject({ state: 'done', added: 1, problemCodes: {} });
  expect(new Set(statuses)).toEqual(new Set([200]));
});

it('a label file that is too large, or nested without end, fails the set or itself, and the server answers meanwhile', async () => {
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const archive = await zipOf({ 'set/a.png': await makePng(23, 64, 48), 'set/labels.json': nested });
  const { wait } = await beginImport(url, archive);
  const ended = wait();
  const statuses = await askMeanwhile(ended);
  expect(['done', 'failed']).toContain((await ended).state);
  expect(new Set(statuses)).toEqual(new Set([200]));
});
