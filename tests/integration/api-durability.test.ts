import { spawn } from 'node:child_process';
import { recoverAnswers } from '@/lib/assistant/answers/recover-answers';
import { database } from '@/lib/database/client';
import { postgresqlUrl } from '@/lib/database/kind';
import { useDataDirectory } from '../support/data-directory';

jest.setTimeout(180_000);
const data = useDataDirectory();
const ROUNDS = 3;

/** Lets the writer run, kills it in the middle of a write, and returns what it had acknowledged. */
async function writeAndKill(lines: number): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', 'tests/support/kill-writer.ts'], {
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

test('what was acknowledged survives kill -9, and interrupted answers keep their text', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    acknowledged.push(...(await writeAndKill(20 + round * 7)));
  }
  if (postgresqlUrl() === undefined) {
    const [integrity] = await database().$queryRawUnsafe<Record<string, unknown>[]>('PRAGMA integrity_check');
    expect(Object.values(integrity ?? {})).toEqual(['ok']);
  }
  await recoverAnswers(new Date(Date.now() + 1000));
  const states = new Map((await database().message.findMany()).map(({ id, state, text }) => [id, { state, text }]));
  const ended = new Set(acknowledged.filter((line) => line.startsWith('answer ')).map((line) => line.split(' ')[1]));
  expect(acknowledged.length).toBeGreaterThan(60);
  for (const line of acknowledged) {
    const [kind, id = ''] = line.split(' ');
    const message = states.get(id);
    expect([line, message !== undefined]).toEqual([line, true]);
    if (kind === 'chunks') {
      expect([line, message?.text]).toEqual([line, 'Yes.']);
    }
    if (ended.has(id)) {
      expect([line, message?.state]).toEqual([line, 'complete']);
    }
  }
  expect(await database().message.count({ where: { state: 'running' } })).toBe(0);
});
