import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, truncate, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { parseVerdict } from '@/lib/evaluation/metrics/verdicts';
import { decodeRle } from '@/lib/segmentation/rle';
import { unusualNames, writeAwkwardImages } from '../support/awkward-images';
import { expectOneLineFailure, runLooktwice } from '../support/run-looktwice';

const QUESTION = 'Are there any defects? If so, output the segmentation mask and suggest corrective actions.';
const cookie = join(__dirname, '../fixtures/images/cookie-cracked-1.jpg');
const cube = join(__dirname, '../fixtures/images/cube-normal-2.jpg');
const short = ['--max-tokens', '12'];

const answerSchema = z.object({
  image: z.string(),
  question: z.string(),
  answer: z.string().min(1),
  inspections: z.array(
    z.object({ score: z.number(), bucket: z.string(), verdict: z.enum(['anomalous', 'normal', 'unsure']) }),
  ),
  masks: z.array(
    z.object({
      rle: z.object({ size: z.tuple([z.number(), z.number()]), counts: z.array(z.number()) }),
      label: z.string(),
    }),
  ),
  finishReason: z.enum(['stop', 'length']),
  bundle: z.string(),
});

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-ask-'));
  await writeAwkwardImages(folder);
});

afterAll(() => rm(folder, { recursive: true }));

describe('looktwice ask', () => {
  it('answers as JSON in accord with the verdict; a mask comes unless that is "normal", and is what --mask writes', async () => {
    const out = join(folder, 'mask.png');
    const { code, stdout, stderr } = await runLooktwice(['ask', cookie, QUESTION, '--mask', out, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answer = answerSchema.parse(JSON.parse(stdout));
    expect(answer.inspections).toHaveLength(1);
    expect(answer.answer).not.toMatch(/<seg>|<image>|<\|im_/);
    const [inspection] = answer.inspections;
    const said = { anomalous: 'yes', normal: 'no', unsure: 'unsure' }[inspection?.verdict ?? 'unsure'];
    expect(parseVerdict(answer.answer)).toBe(said);
    expect(answer.masks.length > 0).toBe(inspection?.verdict !== 'normal');
    const [mask] = answer.masks;
    if (mask !== undefined) {
      const { data, info } = await sharp(await readFile(out))
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([315, 420]);
      expect([...data].map((value) => value / 255)).toEqual([...decodeRle(mask.rle).data]);
    } else {
      expect(await readdir(folder)).not.toContain('mask.png');
    }
  });

  it('streams the same text as it returns at the end', async () => {
    const options = ['--seed', '7', ...short];
    const streamed = await runLooktwice(['ask', cube, QUESTION, ...options]);
    const whole = await runLooktwice(['ask', cube, QUESTION, ...options, '--json']);
    expect(streamed.stdout).toBe(`${answerSchema.parse(JSON.parse(whole.stdout)).answer}\n`);
  });

  it('keeps a conversation in a session file: the next question needs no image', async () => {
    const session = join(folder, 'session.json');
    const first = await runLooktwice(['ask', cookie, QUESTION, '--session', session, ...short]);
    const second = await runLooktwice(['ask', '--session', session, 'What could have caused it?', ...short]);
    expect([first.code, second.code]).toEqual([0, 0]);
    const { messages } = z
      .object({ messages: z.array(z.object({ role: z.string(), text: z.string() })) })
      .parse(JSON.parse(await readFile(session, 'utf8')));
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    // The note on an image that cannot be judged is the product's, not part of the answer.
    const spoken = (stdout: string) => stdout.replace(/\n\nNote: Unsure \(0\.\d\d\): [^\n]+\n$/, '\n');
    expect(`${messages[1]?.text ?? ''}\n`).toBe(spoken(first.stdout));
    expect(`${messages[3]?.text ?? ''}\n`).toBe(spoken(second.stdout));
  });

  it('compares with a normal image', async () => {
    const { code, stdout } = await runLooktwice(['ask', cube, QUESTION, '--reference', cube, '--json', ...short]);
    expect(code).toBe(0);
    expect(answerSchema.parse(JSON.parse(stdout)).inspections).toHaveLength(1);
  });

  it.each(unusualNames)('answers about %s', async (name) => {
    const { code, stdout } = await runLooktwice(['ask', join(folder, name), QUESTION, '--max-tokens', '4']);
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe('');
  });
});

describe('what is wrong is said in one line, and nothing is half-written', () => {
  it.each([
    ['not-an-image.jpg', /not an image that can be read: use JPEG, PNG/],
    ['truncated.jpg', /damaged or cut off/],
    ['empty.png', /0 bytes/],
    ['drawing.svg', /SVG drawings are not read/],
    ['huge.png', /20000 x 20000 px \(400 megapixels\), the limit is 50/],
    ['missing.png', /there is no such file/],
  ])('%s', async (name, message) => {
    const before = await readdir(folder);
    const files = ['--mask', join(folder, 'never.png'), '--session', join(folder, 'never.json')];
    expectOneLineFailure(await runLooktwice(['ask', join(folder, name), QUESTION, ...files]), 1, message);
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([
    ['no question', [cookie], /Give an image and a question/],
    ['an empty question', [cookie, ''], /question is empty/],
    ['a blank question', [cookie, ' \n\t '], /question is empty/],
    ['a question of 100 kB', [cookie, 'why? '.repeat(20_480)], /102399 characters, the limit is 8000/],
    ['a folder that does not exist', [cookie, QUESTION, '--mask', '/no/such/folder/m.png'], /does not exist/],
    ['a session that is none', ['--session', cookie, 'And?'], /is not a session of looktwice/],
    ['a number that is none', [cookie, QUESTION, '--temperature', 'hot'], /Give a number from 0 to 2/],
  ])('%s is wrong usage', async (_, args, message) => {
    expectOneLineFailure(await runLooktwice(['ask', ...args]), 2, message);
  });

  it('a damaged bundle is named', async () => {
    const bundle = join(folder, 'bundle');
    await cp(join(__dirname, '../../models/mini'), bundle, { recursive: true });
    await truncate(join(bundle, 'language.base.bin'), 1_000_000);
    const env = { LOOKTWICE_BUNDLE: bundle, LOOKTWICE_CACHE: join(folder, 'cache') };
    expectOneLineFailure(
      await runLooktwice(['ask', cookie, QUESTION], env),
      1,
      /language\.base\.bin has 1000000 bytes/,
    );
  });

  it('Ctrl-C ends it; the session is not touched', async () => {
    const session = join(folder, 'stopped.json');
    const program = join(__dirname, '../../bin/looktwice.mjs');
    const child = spawn(process.execPath, [program, 'ask', cookie, QUESTION, '--session', session]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    // The first words are out: the model is speaking.
    child.stdout.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'looktwice: The work was cancelled.\n' });
    expect(await readdir(folder)).not.toContain('stopped.json');
  });
});
