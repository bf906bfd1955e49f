import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Expert, type ExpertOutput } from '@/lib/anomaly/expert';
import { ZERO_SHOT, judge } from '@/lib/anomaly/verdict';
import type { TurnEvent } from '@/lib/turn/types';
import { runLocalTurn as runTurn } from '@/lib/turn/local/run-local-turn';
import { readContext } from '@/lib/turn/context';
import { type Bundle, openBundle } from '@/lib/engine/bundle';
import { inspectImage, segmentImage } from '@/lib/engine/worker/inspect';
import { type Models, closeModels, loadModels } from '@/lib/engine/worker/models';
import { turnModels } from '@/lib/engine/worker/turn-models';
import { LanguageModel, type PositionSource } from '@/lib/language';
import { decodeRle, rleArea } from '@/lib/segmentation/rle';
import { Encoder } from '@/lib/vision/encoder';
import { runLooktwice } from '../support/run-looktwice';

/**
 * A complete bundle in the architecture of the published checkpoints (SigLIP, Anomaly-OV's expert, Qwen2) with small
 * random weights, made by models/export, and what PyTorch says (models/export/tests/bundle_fixture.py).
 */
const directory = join(__dirname, '../fixtures/published');
const image = join(__dirname, '../fixtures/images/cookie-cracked-1.jpg');
const VIEWS = 3;
const [IMAGE, ANOMALY] = [-1, -2];
const expected = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8')) as {
  vision: Record<'maps' | 'significance' | 'score' | 'imageTokens' | 'anomalyTokens', number[]>;
  texts: [text: string, ids: number[]][];
  ids: number[];
  logits: Record<string, number[]>;
};

const largestDifference = (found: ArrayLike<number>, wanted: readonly number[]) =>
  Math.max(...wanted.map((value, i) => Math.abs(value - (found[i] ?? NaN))));

let bundle: Bundle;
let models: Models;
/** The runtime's expert on the pattern that PyTorch was given. */
let output: ExpertOutput;

/** The fixture's input: a pattern, and padding in the lower half of the last view. */
function input({ vision }: Bundle['manifest']): { pixels: Float32Array; valid: Float32Array } {
  const pixels = Float32Array.from({ length: VIEWS * 3 * vision.imageSize ** 2 }, (_, i) => Math.sin(i * 0.37));
  const valid = new Float32Array(VIEWS * vision.grid ** 2).fill(1);
  valid.fill(0, 2 * vision.grid ** 2 + 2 * vision.grid);
  return { pixels, valid };
}

beforeAll(async () => {
  bundle = await openBundle(directory);
  models = await loadModels(directory);
  const [encoder, expert] = [await Encoder.open(bundle), await Expert.open(bundle)];
  const { pixels, valid } = input(bundle.manifest);
  output = await expert.run(await encoder.encode(pixels), valid);
  await Promise.all([encoder.close(), expert.close()]);
});
afterAll(() => closeModels(models));

describe('the expert of Anomaly-OV', () => {
  it.each(['maps', 'significance', 'imageTokens', 'anomalyTokens'] as const)('agrees with PyTorch on %s', (name) => {
    expect(output[name]).toHaveLength(expected.vision[name].length);
    expect(largestDifference(output[name], expected.vision[name])).toBeLessThan(1e-3);
  });

  it('agrees with PyTorch on the score', () => {
    expect(largestDifference([output.score], expected.vision.score)).toBeLessThan(1e-3);
  });
});

it.each(expected.texts)('the tokenizer gives %j the ids that the tokenizers library gives', (text, ids) => {
  expect(models.language.tokenizer.encode(text)).toEqual(ids);
  expect(models.language.tokenizer.decode(ids)).toBe(text.normalize('NFC'));
});

/**
 * The fixture's prompt: token ids, with the image's and the anomaly tokens of the runtime's own expert in their midst.
 */
function positions(): PositionSource[] {
  const { width } = bundle.manifest.language;
  const rowsOf = (key: string, rows: Float32Array): PositionSource[] => {
    const count = rows.length / width;
    return Array.from({ length: count }, (_, row) => ({ run: { kind: 'embeddings', key, rows, count }, row }));
  };
  return expected.ids.flatMap((id) => {
    if (id === IMAGE) {
      return rowsOf('image', output.imageTokens);
    }
    return id === ANOMALY ? rowsOf('anomaly', output.anomalyTokens) : [{ id }];
  });
}

describe('Qwen2 behind the expert', () => {
  const lengths = Object.keys(expected.logits).map(Number);

  let language: LanguageModel;
  beforeAll(async () => {
    language = await LanguageModel.open(bundle);
  });
  afterAll(() => language.close());

  it.each(lengths)('agrees with PyTorch on the next-token logits after %d positions', async (length) => {
    const decoding = await language.start(positions().slice(0, length));
    expect(largestDifference(decoding.logits, expected.logits[length] ?? [NaN])).toBeLessThan(1e-3);
    decoding.dispose();
  });

  it('agrees when it reads on token by token from its cache', async () => {
    const all = positions();
    const [, first = NaN, ...others] = lengths;
    const decoding = await language.start(all.slice(0, first));
    for (const length of others) {
      const source = all[length - 1];
      await decoding.accept(source !== undefined && 'id' in source ? source.id : NaN);
      expect(largestDifference(decoding.logits, expected.logits[length] ?? [NaN])).toBeLessThan(1e-3);
    }
    expect(others.length).toBeGreaterThan(3);
    decoding.dispose();
  });
});

/**
 * The share of marked pixels whose anomaly, read from the heatmap at the image's size, is at least about the threshold.
 */
async function shareAbove(mask: { width: number; height: number; data: Uint8Array }, heatmap: Uint8Array) {
  const grey = await sharp(heatmap)
    .resize(mask.width, mask.height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const marked = [...mask.data.keys()].filter((i) => mask.data[i] === 1);
  return marked.filter((i) => (grey[i] ?? 0) >= 0.45 * 255).length / marked.length;
}

describe('without a segmenter', () => {
  const context = { signal: new AbortController().signal, emit: () => undefined };

  it('the regions are those of the anomaly map, of no type', async () => {
    const { regions, types, heatmap, width, height } = await inspectImage(models, { image: { path: image } }, context);
    expect(types).toEqual([]);
    expect(regions.length).toBeGreaterThan(0);
    for (const { rle, areaPx } of regions) {
      expect(rle.size).toEqual([height, width]);
      expect(rleArea(rle)).toBe(areaPx);
      expect(await shareAbove(decodeRle(rle), heatmap)).toBeGreaterThan(0.95);
    }
  });

  it('a click cuts out the region around it', async () => {
    const { regions } = await inspectImage(models, { image: { path: image } }, context);
    const [region] = regions;
    const mask = decodeRle(region?.rle ?? { size: [0, 0], counts: [] });
    const at = mask.data.indexOf(1);
    const [x, y] = [at % mask.width, Math.floor(at / mask.width)];
    const request = { image: { path: image }, clicks: [{ x, y, positive: true }] };
    const pressed = await segmentImage(models, request, context);
    expect(pressed.size).toEqual([mask.height, mask.width]);
    expect(decodeRle(pressed).data[at]).toBe(1);
  });
});

describe('a turn without <seg> and playbook', () => {
  async function ask(score: number) {
    const turns = await turnModels(models);
    const events: TurnEvent[] = [];
    const { context } = await runTurn(
      {
        ...turns,
        look: async (...args) => {
          const looked = await turns.look(...args);
          const judgement = judge(score, ZERO_SHOT, undefined, {});
          return {
            ...looked,
            state: { ...looked.state, score, judgement, bucket: score < 0.5 ? 'slightly' : 'highly' },
          };
        },
      },
      {
        messages: [
          {
            role: 'user',
            text: 'What should we do about it?',
            images: [{ id: 'a', name: 'a.jpg', source: { path: image } }],
            references: [],
          },
        ],
        focus: null,
        settings: { maxTokens: 24 },
      },
      { signal: new AbortController().signal, emit: (event) => events.push(event) },
    );
    const kinds = events.map(({ type }) => type);
    return { events, kinds, context: readContext(context) };
  }

  it('shows one mask of a suspicious image, and hands nothing that was measured to the model', async () => {
    const { events, kinds, context } = await ask(0.9);
    expect(kinds.filter((kind) => kind === 'mask')).toHaveLength(1);
    expect(kinds).toContain('text');
    expect(kinds).not.toContain('sources');
    const mask = events.find((event) => event.type === 'mask');
    expect(mask).toMatchObject({ imageId: 'a', label: 'unknown' });
    expect(context?.finding).toMatchObject({ imageId: 'a', type: 'unknown', material: 'unknown' });
    expect(context?.pieces.every((piece) => 'tokens' in piece)).toBe(true);
  });

  it('shows none of an image that is not suspicious', async () => {
    const { kinds, context } = await ask(0.1);
    expect(kinds).toContain('text');
    expect(kinds).not.toContain('mask');
    expect(context?.finding).toBeNull();
  });
});

describe('the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'looktwice-published-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('verifies the bundle and answers with it, streaming, with a mask', async () => {
    const env = { LOOKTWICE_BUNDLE: directory, LOOKTWICE_CACHE: join(folder, 'cache') };
    const verified = await runLooktwice(['bundle', 'verify', directory, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ bundle: 'anomaly-ov@0.1.0', files: 7 });
    const out = join(folder, 'mask.png');
    const args = ['ask', image, 'Are there any defects?', '--max-tokens', '16', '--mask', out];
    const answered = await runLooktwice(args, env);
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) as string });
    const { data } = await sharp(await readFile(out))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(new Set(data)).toEqual(new Set([0, 255]));
  });
});
