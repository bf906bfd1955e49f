import { spawn } from 'node:child_process';
import { database } from '@/lib/database/client';
import { useDataDirectory } from '../support/data-directory';

jest.setTimeout(180_000);
const data = useDataDirectory();
const ROUNDS = 2;

/** Lets corrections be made, kills the process that makes them, and returns what it had acknowledged. */
async function correctAndKill(lines: number): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', 'tests/support/kill-corrector.ts'], {
    env: { ...process.env, LOOKTWICE_DATA: data.path() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  writer.stdout.setEncoding('utf8');
  await new Promise<void>((resolve) => {
    writer.stdout.on('data', (text: string) => {
      output += text;
      if (output.split('\n').length > lines) {
        writer.kill('SIGKILL');
      }
    });
    writer.on('close', () => resolve());
  });
  // A line that was cut off by the kill was not acknowledged.
  return output.split('\n').slice(0, -1);
}

test('corrections that were acknowledged survive kill -9, and no sample is there without its correction', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    acknowledged.push(...(await correctAndKill(25 + 8 * round)));
  }
  expect(acknowledged.length).toBeGreaterThan(50);
  const corrections = new Map((await database().partCorrection.findMany()).map((row) => [row.id, row]));
  const samples = new Map((await database().partSample.findMany()).map((row) => [row.imageId, row]));
  const undone = new Set(acknowledged.flatMap((line) => (line.startsWith('undone') ? [line.split(' ')[1]] : [])));
  for (const line of acknowledged) {
    const [, id = '', imageId = '', kind] = line.split(' ');
    const row = corrections.get(id);
    expect([line, row?.sampleKind]).toEqual([line, kind]);
    if (undone.has(id)) {
      expect([line, row?.undoneAt === null, samples.has(imageId)]).toEqual([line, false, false]);
    }
  }
  // Both or neither, whatever was in hand when the kill came.
  for (const { imageId, sampleKind, undoneAt } of corrections.values()) {
    expect(samples.get(imageId)?.kind).toBe(undoneAt === null ? sampleKind : undefined);
  }
  const standing = [...corrections.values()].filter(({ undoneAt }) => undoneAt === null);
  expect(samples.size).toBe(standing.length);
});
