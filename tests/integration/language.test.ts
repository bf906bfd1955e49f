import {
  GREEDY,
  LanguageModel,
  type PositionSource,
  type PromptMessage,
  createLanguageModel,
  encodeAnswerStart,
  encodeMessage,
  generateText,
} from '@/lib/language';
import { miniBundle } from '../support/mini-bundle';

const { manifest } = miniBundle;
const ask = (text: string): PromptMessage[] => [
  { role: 'system', parts: [{ kind: 'text', text: 'You are a helpful assistant.' }] },
  { role: 'user', parts: [{ kind: 'text', text }] },
];

describe('LanguageModel', () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await LanguageModel.open(miniBundle);
  });
  afterAll(() => model.close());

  const positionsOf = (messages: PromptMessage[]): PositionSource[] => [
    ...messages.flatMap((message) => encodeMessage(message, model.tokenizer)),
    ...encodeAnswerStart(model.tokenizer),
  ];

  /** The logits after a prompt, and how much of it was cached. */
  async function logitsOf(positions: PositionSource[]): Promise<{ logits: Float32Array; cached: number }> {
    const decoding = await model.start(positions);
    const result = { logits: decoding.logits.slice(), cached: decoding.usage.cachedTokens };
    decoding.dispose();
    return result;
  }

  async function answer(text: string, sampling = GREEDY): Promise<string> {
    let said = '';
    for await (const event of generateText(model, ask(text), { sampling, maxTokens: 24 })) {
      said += event.kind === 'text' ? event.text : '';
    }
    return said;
  }

  it('gives the same greedy answer every time', async () => {
    const first = await answer('Name the parts of a gear box.');
    expect(first.length).toBeGreaterThan(10);
    expect(await answer('Name the parts of a gear box.')).toBe(first);
  });

  it('gives the same sampled answer for the same seed', async () => {
    const warm = { ...GREEDY, temperature: 0.9, seed: 4 };
    expect(await answer('Tell me about rust.', warm)).toBe(await answer('Tell me about rust.', warm));
  });

  it('continues a cached prefix with the logits of a fresh reading', async () => {
    const prompt = positionsOf(ask('Is a scratch on a bearing a problem?'));
    const fresh = await logitsOf(prompt);
    // Leave the cached sequence after half of the prompt and come back.
    await logitsOf([...prompt.slice(0, 20), ...positionsOf(ask('Something else?')).slice(20)]);
    const again = await logitsOf(prompt);
    expect(again.cached).toBeGreaterThanOrEqual(20);
    expect(again.logits).toEqual(fresh.logits);
  });

  it('reads a prompt with the graph made for that as the graph of single tokens does, up to the rounding of its activations', async () => {
    const { 'language.prefill.onnx': unused, ...files } = manifest.files;
    expect(unused).toBeDefined();
    const single = await LanguageModel.open({ ...miniBundle, manifest: { ...manifest, files } });
    try {
      for (const text of ['Is a scratch on a bearing a problem?', 'Name the parts of a gear box.']) {
        const prompt = positionsOf(ask(text));
        const [decoding, other] = [await model.start(prompt), await single.start(prompt)];
        const [found, wanted] = [decoding.logits.slice(), other.logits.slice()];
        decoding.dispose();
        other.dispose();
        const difference = found.map((logit, id) => Math.abs(logit - (wanted[id] ?? NaN)));
        const spread = Math.sqrt(wanted.reduce((sum, logit) => sum + logit ** 2, 0) / wanted.length);
        expect(Math.max(...difference)).toBeLessThan(0.4 * spread);
        // The same bits would mean that the other graph did not read.
        expect(Math.max(...difference)).toBeGreaterThan(0);
      }
    } finally {
      await single.close();
    }
  });

  it('reads embedding runs like tokens, and caches them by their key', async () => {
    const run = (key: string, value: number) => ({
      kind: 'embeddings' as const,
      key,
      rows: new Float32Array(3 * manifest.language.width).fill(value),
      count: 3,
    });
    const prompt = (key: string, value: number) =>
      positionsOf([{ role: 'user', parts: [run(key, value), { kind: 'text', text: 'What is this?' }] }]);
    const a = await logitsOf(prompt('a', 0.05));
    const b = await logitsOf(prompt('b', -0.05));
    const again = await logitsOf(prompt('a', 0.05));
    expect(a.logits).not.toEqual(b.logits);
    expect(again.logits).toEqual(a.logits);
  });

  it('continues after spliced text as if the prompt had held it', async () => {
    const prompt = positionsOf(ask('Where is it?'));
    const part = { kind: 'text' as const, text: ' [1 region; largest: upper left]' };
    const decoding = await model.start(prompt);
    await decoding.splice([part]);
    const spliced = decoding.logits.slice();
    expect(decoding.hidden()).toHaveLength(manifest.language.width);
    decoding.dispose();
    const tokens = model.tokenizer.encode(part.text).map((id) => ({ id }));
    const whole = await logitsOf([...prompt, ...tokens]);
    expect(whole.logits).toEqual(spliced);
  });

  it.each([128, 129, 257, 420])('reads a prompt of %i positions whole, run by run', async (length) => {
    // Starts like no other prompt, so that nothing of it is cached.
    const words = Array.from({ length: 420 }, (_, i) => `word ${length * 1000 + i}`).join(' ');
    const positions = model.tokenizer
      .encode(`${'abcdefg'.charAt(length % 7)} ${words}`)
      .slice(0, length)
      .map((id) => ({ id }));
    const progress: number[] = [];
    const whole = await model.start(positions, { onProgress: (done) => progress.push(done) });
    const logits = whole.logits.slice();
    whole.dispose();
    expect(progress.at(-1)).toBe(length - whole.usage.cachedTokens);
    // Other positions in front make the cache useless; then the same positions in small pieces.
    const pieces = await model.start([...positions.slice(0, 3), ...positionsOf(ask('Else?'))]);
    pieces.dispose();
    const again = await model.start(positions.slice(0, 40));
    again.dispose();
    for (let end = 80; end < length - 1; end += 40) {
      (await model.start(positions.slice(0, end))).dispose();
    }
    const piecewise = await logitsOf(positions);
    expect(piecewise.cached).toBeGreaterThan(length - 82);
    expect(piecewise.logits).toEqual(logits);
  });

  it('stops within one token when it is cancelled', async () => {
    const controller = new AbortController();
    const events = generateText(model, ask('Tell me a long story.'), {
      sampling: GREEDY,
      maxTokens: 200,
      signal: controller.signal,
    });
    await events.next();
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect(await answer('Are you still there?')).not.toBe('');
  });

  it('refuses a prompt that does not fit, and stays usable', async () => {
    const long = ask('word '.repeat(3000));
    await expect(generateText(model, long, { sampling: GREEDY, maxTokens: 8 }).next()).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(await answer('Hello?')).not.toBe('');
  });

  it('serves the AI SDK with honest usage', async () => {
    const provider = createLanguageModel(model, miniBundle.name);
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is a burr?' }] }];
    const first = await provider.doGenerate({ prompt, maxOutputTokens: 5 });
    const second = await provider.doGenerate({ prompt, maxOutputTokens: 5, topK: 3 });
    const { total, cacheRead, noCache } = second.usage.inputTokens;
    expect(first.usage.outputTokens.total).toBe(5);
    expect(first.finishReason.unified).toBe('length');
    expect(second.content).toEqual(first.content);
    expect(cacheRead).toBe((total ?? 0) - 2);
    expect(noCache).toBe(2);
  });
});
