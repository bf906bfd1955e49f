import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

jest.setTimeout(1_800_000);

const reportSchema = z.object({
  acknowledged: z.record(z.string(), z.number()),
  problems: z.array(z.string()),
});

it('loses nothing that was acknowledged when the server is killed three times during chats and reviews', async () => {
  const args = ['tests/bench/kill-loop.mjs', '--rounds', '3'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 2 ** 20 });
  const { acknowledged, problems } = reportSchema.parse(JSON.parse(stdout));
  expect(problems).toEqual([]);
  // The loop has to have had something to lose.
  for (const kind of ['images', 'questions', 'reviews']) {
    expect([kind, (acknowledged[kind] ?? 0) > 0]).toEqual([kind, true]);
  }
});
