import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatServer, answering, refusing, startChatServer } from '../support/chat-server';
import { runLooktwice } from '../support/run-looktwice';

/** Engines elsewhere from the command line. */
jest.setTimeout(300_000);
const KEY = 'sk-key-of-the-command-line';
const image = join(__dirname, '../fixtures/images/cookie-cracked-1.jpg');
let folder: string;
let file: string;
let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer(answering('Red.'));
  folder = await mkdtemp(join(tmpdir(), 'looktwice-engines-'));
  file = join(folder, 'engines.yaml');
  const seer = `    kind: openai-compatible\n    url: ${server.url}\n    model: seer-1\n    private: true\n    retries: 0\n`;
  await writeFile(file, `engines:\n  seer:\n${seer}    key: ${KEY}\n  careful:\n${seer}    fallback: embedded\n`, {
    mode: 0o600,
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => runLooktwice(args, { LOOKTWICE_ENGINES: file });

it('lists them, without their keys', async () => {
  const { code, stdout, stderr } = await run('engines', 'list');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    `embedded: this installation\n` +
      `seer: seer-1 at ${new URL(server.url).host}, gets pictures, with a key\n` +
      `careful: seer-1 at ${new URL(server.url).host}, gets pictures, without a key, falls back to the embedded model\n`,
  );
  const json = await run('engines', 'list', '--json');
  expect(JSON.parse(json.stdout)).toHaveLength(3);
  expect(stdout + json.stdout).not.toContain(KEY);
});

it('tries one, and says in one line why it does not work', async () => {
  server.behave(answering('Red.'));
  expect(await run('engines', 'test', 'seer')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^seer: It answered: Red\. \(\d+ ms\)\n$/) as string,
  });
  expect(JSON.stringify(server.received[0]?.body)).toContain('data:image/jpeg;base64,');
  server.behave(refusing(401, `wrong key ${KEY}`));
  expect(await run('engines', 'test', 'seer')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'looktwice: seer refuses the key (401): look at engines.seer.key.\n',
  });
  expect((await run('engines', 'test', 'oracle')).stderr).toBe(
    'looktwice: There is no engine "oracle": there are embedded, seer, careful.\n',
  );
});

it('asks one about an image, and falls back where that is allowed', async () => {
  server.behave(answering('Yes, there is a bite missing.'));
  const asked = await run('ask', image, 'Is it whole?', '--engine', 'seer', '--json');
  expect(JSON.parse(asked.stdout)).toMatchObject({
    answer: 'Yes, there is a bite missing.',
    bundle: 'seer/seer-1',
    engine: { name: 'seer', fallback: null },
    inspections: [{ verdict: expect.any(String) as string }],
  });
  server.behave(refusing(503, 'starting'));
  const fallen = await run('ask', image, 'Is it whole?', '--engine', 'careful', '--max-tokens', '8');
  expect(fallen.code).toBe(0);
  expect(fallen.stderr).toContain('careful failed by itself (503: starting). The embedded model answers instead.');
  expect(fallen.stdout.trim()).not.toBe('');
});

it('refuses a file that others may read', async () => {
  await chmod(file, 0o640);
  const { code, stderr } = await run('engines', 'list');
  await chmod(file, 0o600);
  expect([code, stderr.includes('chmod 600')]).toEqual([1, true]);
});
