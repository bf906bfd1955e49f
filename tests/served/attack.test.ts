import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

jest.setTimeout(600_000);

type Run = {
  requests: number;
  statuses: Record<string, number>;
  serverErrors: unknown[];
  lost: unknown[];
  refusedShare: number;
};

it('answers malformed requests, images, archives and label files over every route without a 5xx, with accounts and without', async () => {
  const args = ['tests/bench/attack.mjs', '--requests', '400', '--runs', '1', '--seed', '7'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 2 ** 20 }).catch(
    (error: { stdout: string }) => error,
  );
  // How long they took depends on the machine; the script itself complains about it.
  const { modes } = JSON.parse(stdout) as { modes: Record<string, Run[]> };
  expect(Object.keys(modes)).toEqual(['local', 'team']);
  for (const [run] of Object.values(modes)) {
    expect(run).toMatchObject({ requests: 400, serverErrors: [], lost: [] });
    expect(run?.refusedShare).toBeLessThanOrEqual(0.05);
    // They have to have got past the door.
    expect(Object.keys(run?.statuses ?? {})).toEqual(expect.arrayContaining(['400', '404']));
  }
});
