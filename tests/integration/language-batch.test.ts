import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from '@/lib/engine/bundle';
import {
  type Decoding,
  GREEDY,
  LanguageModel,
  type PositionSource,
  encodeAnswerStart,
  encodeMessage,
  generateText,
} from '@/lib/language';
import { argmax } from '@/lib/language/sampling';
import { miniBundle } from '../support/mini-bundle';

const { directory, manifest } = miniBundle;

/**
 * A copy of the bundle's language model whose products have float activations, so that what differs is not rounding.
 */
function copyWithFloats(): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'looktwice-batch-'));
  for (const file of Object.keys(manifest.files).filter(
    (name) => name.startsWith('language.') || /^tokenizer/u.test(name),
  )) {
    copyFileSync(join(directory, file), join(folder, file));
  }
  for (const graph of ['language.onnx', 'language.batch.onnx']) {
    // The attribute in the file's protobuf encoding: its name, then field 3 (a number).
    const text = readFileSync(join(directory, graph)).toString('latin1');
    const changed = text.replaceAll('accuracy_level\u0018\u0004', 'accuracy_level\u0018\u0001');
    expect(changed).not.toBe(text);
    writeFileSync(join(folder, graph), Buffer.from(changed, 'latin1'));
  }
  return { ...miniBundle, directory: folder, path: (file) => join(folder, file) };
}

/** Prompts of very different lengths. */
const QUESTIONS = [
  'Name the parts of a gear box.',
  `Is a scratch on a bearing a problem? ${'It runs from the upper left to the centre of the part. '.repeat(12)}`,
  'What is a burr?',
  `Tell me about rust. ${'The surface is dark. '.repeat(30)}`,
  'Where do cracks begin?',
];
const STEPS = 24;

describe('answers that are written at the same time', () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await LanguageModel.open(miniBundle);
  });
  afterAll(() => model.close());

  const promptOf = (text: string): PositionSource[] => [
    ...encodeMessage({ role: 'user', parts: [{ kind: 'text', text }] }, model.tokenizer),
    ...encodeAnswerStart(model.tokenizer),
  ];

  type Course = { ids: number[]; logits: Float32Array[] };

  /** Says `ids`, or what is likeliest where there are none; with something put in on the way, as at `<seg>`. */
  async function say(
    decoding: Decoding,
    steps: number,
    { ids, putInAt = 5 }: { ids?: readonly number[] | undefined; putInAt?: number } = {},
  ): Promise<Course> {
    const course: Course = { ids: [], logits: [] };
    for (let i = 0; i < steps; i += 1) {
      course.logits.push(decoding.logits.slice());
      const id = ids?.[i] ?? argmax(decoding.logits);
      course.ids.push(id);
      await decoding.accept(id);
      if (i === putInAt) {
        await decoding.splice([{ kind: 'text', text: ' [1 region; largest: upper left]' }]);
      }
    }
    course.logits.push(decoding.logits.slice());
    return course;
  }

  async function alone(text: string, steps: number, putInAt?: number, by = model): Promise<Course> {
    const decoding = await by.start(promptOf(text));
    try {
      return await say(decoding, steps, putInAt === undefined ? {} : { putInAt });
    } finally {
      decoding.dispose();
    }
  }

  /** The largest difference of two logits, as a share of their spread. */
  function differenceOf(found: Float32Array, wanted: Float32Array): number {
    const mean = wanted.reduce((sum, logit) => sum + logit, 0) / wanted.length;
    const spread = Math.sqrt(wanted.reduce((sum, logit) => sum + (logit - mean) ** 2, 0) / wanted.length);
    return Math.max(...found.map((logit, id) => Math.abs(logit - (wanted[id] ?? NaN)))) / spread;
  }

  /**
   * Differences of logits between answers alone and together, where they join one after the other, end at different
   * times and get something put in.
   */
  async function differencesOf(by: LanguageModel): Promise<number[]> {
    const apart: Course[] = [];
    for (const [i, text] of QUESTIONS.entries()) {
      apart.push(await alone(text, STEPS + 3 * i, undefined, by));
    }
    const together = await Promise.all(
      QUESTIONS.map(async (text, i) => {
        const decoding = await by.start(promptOf(text));
        const course = await say(decoding, STEPS + 3 * i, { ids: apart[i]?.ids });
        decoding.dispose();
        return course;
      }),
    );
    return together.flatMap(({ logits }, i) =>
      logits.map((each, step) => differenceOf(each, apart[i]?.logits[step] ?? new Float32Array(0))),
    );
  }

  it('have the logits that each has alone, token by token, while others join, leave and get something put in', async () => {
    const copy = copyWithFloats();
    try {
      const floats = await LanguageModel.open(copy);
      const differences = await differencesOf(floats).finally(() => floats.close());
      expect(Math.max(...differences)).toBeLessThan(1e-3);
      // The same bits everywhere would mean that no step was shared.
      expect(differences.filter((difference) => difference > 0).length).toBeGreaterThan(differences.length / 2);
    } finally {
      rmSync(copy.directory, { recursive: true });
    }
  });

  it('have them up to the rounding of activations, as they are shipped', async () => {
    const differences = await differencesOf(model);
    // As much as between single tokens and prompts (tests/integration/language.test.ts).
    expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(0.4);
    expect(Math.max(...differences)).toBeLessThan(0.8);
    expect(Math.max(...differences)).toBeGreaterThan(0);
  });

  it('say what each says alone, unless two tokens are equally likely but for rounding', async () => {
    const apart: Course[] = [];
    for (const text of QUESTIONS) {
      apart.push(await alone(text, STEPS, Infinity));
    }
    const decodings = await Promise.all(QUESTIONS.map((text) => model.start(promptOf(text))));
    const together = await Promise.all(decodings.map((decoding) => say(decoding, STEPS, { putInAt: Infinity })));
    decodings.forEach((decoding) => decoding.dispose());
    let same = 0;
    for (const [i, { ids }] of together.entries()) {
      const wanted = apart[i]?.ids ?? [];
      const step = ids.findIndex((id, at) => id !== wanted[at]);
      if (step < 0) {
        same += 1;
        continue;
      }
      const logits = apart[i]?.logits[step] ?? new Float32Array(0);
      expect((logits[wanted[step] ?? -1] ?? NaN) - (logits[ids[step] ?? -1] ?? NaN)).toBeLessThan(0.5);
    }
    expect(same).toBeGreaterThanOrEqual(3);
  });

  it('end when they are cancelled, and the others go on', async () => {
    const controller = new AbortController();
    const answer = (text: string, signal?: AbortSignal) =>
      (async () => {
        let tokens = 0;
        const messages = [{ role: 'user' as const, parts: [{ kind: 'text' as const, text }] }];
        const settings = { sampling: GREEDY, maxTokens: STEPS, signal };
        for await (const event of generateText(model, messages, settings)) {
          tokens = event.kind === 'end' ? event.usage.tokens : tokens + 1;
          if (tokens === 4 && signal !== undefined) {
            controller.abort();
          }
        }
        return tokens;
      })();
    const cancelled = answer('Tell me a long story.', controller.signal);
    const others = Promise.all([answer('Tell me another one.'), answer('Tell me a third one.')]);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(Math.min(...(await others))).toBeGreaterThan(12);
  });

  it('are written one by one with a bundle that lacks the graph for several', async () => {
    const { 'language.batch.onnx': unused, ...files } = manifest.files;
    expect(unused).toBeDefined();
    const apart = await Promise.all(QUESTIONS.slice(0, 1).map((text) => alone(text, 8)));
    const other = await LanguageModel.open({ ...miniBundle, manifest: { ...manifest, files } });
    try {
      const decodings = await Promise.all(QUESTIONS.slice(0, 2).map((text) => other.start(promptOf(text))));
      const [first] = await Promise.all(decodings.map((decoding) => say(decoding, 8)));
      decodings.forEach((decoding) => decoding.dispose());
      expect(first?.ids).toEqual(apart[0]?.ids);
      expect(first?.logits).toEqual(apart[0]?.logits);
    } finally {
      await other.close();
    }
  });
});
