import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatServer, answering, startChatServer } from '../support/chat-server';
import { expectOneLineFailure, runLooktwice } from '../support/run-looktwice';

/** The benchmarks of papers with an engine elsewhere: their own files in, their tables out. */
jest.setTimeout(600_000);
const images = join(__dirname, '../fixtures/images');
let folder: string;
let server: ChatServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-papers-'));
  server = await startChatServer(answering('Yes.'));
  const engine = {
    kind: 'openai-compatible',
    url: server.url,
    model: 'seer-1',
    private: true,
    prompt: 'plain',
    sends: { crops: 0 },
  };
  await writeFile(join(folder, 'engines.json'), JSON.stringify({ engines: { seer: { ...engine, retries: 0 } } }), {
    mode: 0o600,
  });
  for (const [image, name] of Object.entries({
    'cookie/Data/1.jpg': 'cookie-cracked-1.jpg',
    'cookie/Data/2.jpg': 'cookie-normal-1.jpg',
    'cube/Data/3.jpg': 'cube-abnormal-1.jpg',
  })) {
    await mkdir(join(folder, 'VisA', image, '..'), { recursive: true });
    await copyFile(join(images, name), join(folder, 'VisA', image));
  }
  const files = {
    'test_data.json': [
      { image: 'VisA/cookie/Data/1.jpg', anomaly: true },
      { image: 'VisA/cookie/Data/2.jpg', anomaly: false },
      { image: 'VisA/cube/Data/3.jpg', anomaly: true },
    ],
    'visa_dr.json': [
      {
        image: 'VisA/cookie/Data/1.jpg',
        questions: ['What is wrong?', 'What caused it?'],
        answers: ['A bite is missing.', 'Somebody was hungry.'],
      },
    ],
    'mmad.json': {
      'VisA/cookie/Data/1.jpg': {
        similar_templates: ['VisA/cookie/Data/2.jpg'],
        conversation: [
          { Question: 'Is it whole?', Answer: 'B', Options: { A: 'Yes', B: 'No' }, type: 'Anomaly Detection' },
        ],
      },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(content));
  }
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const run = (questions: string, ...more: string[]) =>
  runLooktwice(['eval-answers', folder, '--engine', 'seer', '--questions', join(folder, questions), ...more], {
    LOOKTWICE_ENGINES: join(folder, 'engines.json'),
  });
type Sent = { role: string; content: string | { type: string; text?: string }[] };
const messages = (index: number) => server.received[index]?.body['messages'] as Sent[];
const pictures = (index: number) =>
  messages(index)
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter(({ type }) => type === 'image_url').length;

it('asks the paper’s question about the detection part of VisA-D&R, and prints its table', async () => {
  server.behave(answering('Yes.'));
  const { code, stdout } = await run('test_data.json', '--table');
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.startsWith('|'))).toEqual([
    '|  | Accuracy | Precision | Recall | F1-score |',
    '| --- | --- | --- | --- | --- |',
    '| cookie | 50.0 | 50.0 | 100.0 | 66.7 |',
    '| cube | 100.0 | 100.0 | 100.0 | 100.0 |',
    '| mean over objects | 75.0 | 75.0 | 100.0 | 83.3 |',
  ]);
  expect(server.received).toHaveLength(3);
  expect(JSON.stringify(messages(0))).toContain("Please reply with 'Yes' or 'No'.");
});

it('asks the reasoning part as conversations, and keeps the answers for other measures', async () => {
  server.behave((request, response, received) =>
    answering(
      JSON.stringify(received.body).includes('What caused it?') ? 'Somebody was hungry.' : 'A bite is missing.',
    )(request, response, received),
  );
  const out = join(folder, 'answers.json');
  const { code, stdout } = await run('visa_dr.json', '--out', out);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    bundle: 'seer/seer-1',
    table: {
      title: 'VisA-D&R, reasoning',
      rows: [{ values: [1, null, null] }, { values: [1, null, null] }, { name: 'all', values: [1, null, null] }],
    },
  });
  expect(JSON.stringify(messages(1))).toMatch(/What is wrong\?.*A bite is missing\..*What caused it\?/);
  expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({
    answers: [{ answer: 'A bite is missing.', reference: 'A bite is missing.' }, { answer: 'Somebody was hungry.' }],
  });
});

it('has another engine judge the answers against their references, and says of whom it has no score', async () => {
  let judged = 0;
  server.behave((request, response, received) => {
    const body = JSON.stringify(received.body);
    const isJudge = body.includes('You compare an answer');
    judged += isJudge ? 1 : 0;
    const text = !isJudge ? 'A bite is missing.' : judged === 1 ? '{"score": 8}' : 'It is rather good.';
    return answering(text)(request, response, received);
  });
  const { code, stdout } = await run('visa_dr.json', '--judge', 'seer', '--table');
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines).toContain('| question 1 | 100.0 | – | 8.00 |');
  expect(lines.at(-1)).toContain('it gave none for 1 answers');
  // The answer without a score counts for the other columns, and the run says that something is missing.
  expect([code, lines.some((line) => line.startsWith('| question 2 |'))]).toEqual([1, true]);
  expect(
    server.received
      .filter(({ body }) => JSON.stringify(body).includes('You compare'))
      .map(({ body }) => JSON.stringify(body)),
  ).toEqual([expect.not.stringContaining('image_url'), expect.not.stringContaining('image_url')]);
  expectOneLineFailure(await run('visa_dr.json', '--judge', 'embedded'), 2, /--judge needs an engine elsewhere/);
});

it('measures no answer of the embedded model under the name of another, and stops asking one that is down', async () => {
  const down = { kind: 'openai-compatible', url: 'http://127.0.0.1:9/v1', model: 'x', private: true, retries: 0 };
  const file = join(folder, 'down.json');
  await writeFile(file, JSON.stringify({ engines: { down: { ...down, fallback: 'embedded' } } }), { mode: 0o600 });
  const lines = Array.from({ length: 7 }, () =>
    JSON.stringify({ image: 'VisA/cookie/Data/1.jpg', question: 'Whole?' }),
  );
  await writeFile(join(folder, 'seven.jsonl'), lines.join('\n'));
  const { code, stdout } = await runLooktwice(
    ['eval-answers', folder, '--engine', 'down', '--questions', join(folder, 'seven.jsonl')],
    { LOOKTWICE_ENGINES: file },
  );
  const { problems } = JSON.parse(stdout) as { problems: { where: string; message: string }[] };
  expect([code, problems.length, problems.at(-1)]).toEqual([
    1,
    6,
    { where: 'all', message: '5 questions in a row failed: 2 were not asked.' },
  ]);
});

it('asks MMAD’s choices, with a normal image beside the picture where that is wanted', async () => {
  server.behave(answering('B. No'));
  const alone = await run('mmad.json');
  expect(JSON.parse(alone.stdout)).toMatchObject({
    table: { title: 'MMAD, accuracy' },
    metrics: { choices: { mean: 1 } },
  });
  const before = pictures(0);
  server.received.length = 0;
  await run('mmad.json', '--references', '1');
  expect(pictures(0)).toBe(before + 1);
});

it('has a table of a paper’s questions only', async () => {
  const outcome = await runLooktwice(['eval-answers', join(folder, 'VisA'), '--table']);
  expectOneLineFailure(outcome, 2, /--table needs --questions with the file of a paper's benchmark/);
});
