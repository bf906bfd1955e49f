import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '@/lib/engine/bundle';
import { parseManifest } from '@/lib/engine/manifest';
import { type EmbeddingRun, LanguageModel, type PositionSource } from '@/lib/language';

/** A Qwen2 decoder of small random weights, converted by models/export, and PyTorch's logits (models/export/tests/qwen2_fixture.py). */
const directory = join(process.cwd(), 'tests/fixtures/qwen2');
const read = (file: string): unknown => JSON.parse(readFileSync(join(directory, file), 'utf8'));
const expected = read('expected.json') as { ids: number[]; imageRows: number[]; logits: number[][] };

function bundle(): Bundle {
  const mini = JSON.parse(readFileSync(join(process.cwd(), 'models/mini/manifest.json'), 'utf8')) as {
    language: Record<string, unknown>;
  };
  const tokens = { endOfText: 256, imStart: 257, imEnd: 258, image: 259, seg: 260 };
  const language = { ...mini.language, ...(read('language.json') as object), tokens };
  const manifest = parseManifest(JSON.stringify({ ...mini, language }));
  return { directory, name: 'qwen2-fixture@0', manifest, path: (file) => join(directory, file) };
}

/** The prompt up to `length`: tokens, and the two image rows at positions 3 and 4. */
function positions(length: number): PositionSource[] {
  const run: EmbeddingRun = { kind: 'embeddings', key: 'image', rows: Float32Array.from(expected.imageRows), count: 2 };
  return expected.ids.slice(0, length).map((id, at) => (at === 3 || at === 4 ? { run, row: at - 3 } : { id }));
}

describe('Qwen2 as LLaVA-OneVision has it', () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await LanguageModel.open(bundle());
  });
  afterAll(() => model.close());

  const largestDifference = (found: Float32Array, wanted: readonly number[]) =>
    Math.max(...wanted.map((value, token) => Math.abs(value - (found[token] ?? NaN))));

  it.each([2, 5, 12])(
    'agrees with PyTorch on the next-token logits after %d positions, image rows included',
    async (length) => {
      const decoding = await model.start(positions(length));
      expect(largestDifference(decoding.logits, expected.logits[length - 1] ?? [])).toBeLessThan(1e-3);
      decoding.dispose();
    },
  );

  it('agrees when it reads on token by token from its cache', async () => {
    const decoding = await model.start(positions(6));
    for (let at = 6; at < expected.ids.length; at += 1) {
      await decoding.accept(expected.ids[at] ?? NaN);
      expect(largestDifference(decoding.logits, expected.logits[at] ?? [])).toBeLessThan(1e-3);
    }
    decoding.dispose();
  });
});
