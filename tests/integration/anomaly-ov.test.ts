import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Expert, type ExpertOutput } from '@/lib/anomaly/expert';
import type { Bundle } from '@/lib/engine/bundle';
import { parseManifest } from '@/lib/engine/manifest';
import { Encoder } from '@/lib/vision/encoder';

/** SigLIP and the Anomaly-OV expert of small random weights, converted by models/export, and what PyTorch says (anomaly_ov_fixture.py). */
const directory = join(process.cwd(), 'tests/fixtures/anomaly-ov');
const read = <T>(folder: string, file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
const expected = read<Record<'maps' | 'significance' | 'score' | 'imageTokens' | 'anomalyTokens', number[]>>(
  directory,
  'expected.json',
);
const VIEWS = 3;
const LANGUAGE_WIDTH = 20;

function bundle(): Bundle {
  const mini = read<Record<'vision' | 'expert' | 'segmenter' | 'language', object>>(
    join(process.cwd(), 'models/mini'),
    'manifest.json',
  );
  const own = read<{ vision: { imageSize: number }; expert: object }>(directory, 'vision.json');
  const manifest = parseManifest(
    JSON.stringify({
      ...mini,
      vision: { ...mini.vision, ...own.vision },
      expert: own.expert,
      segmenter: { ...mini.segmenter, size: own.vision.imageSize, stride: 1 },
      language: { ...mini.language, width: LANGUAGE_WIDTH },
    }),
  );
  return { directory, name: 'anomaly-ov-fixture@0', manifest, path: (file) => join(directory, file) };
}

/** The fixture's input: a pattern, and padding in the lower half of the last view. */
function input({ vision }: Bundle['manifest']): { pixels: Float32Array; valid: Float32Array } {
  const pixels = Float32Array.from({ length: VIEWS * 3 * vision.imageSize ** 2 }, (_, i) => Math.sin(i * 0.37));
  const valid = new Float32Array(VIEWS * vision.grid ** 2).fill(1);
  valid.fill(0, 2 * vision.grid ** 2 + 2 * vision.grid);
  return { pixels, valid };
}

describe('Anomaly-OV in the runtime', () => {
  let output: ExpertOutput;
  beforeAll(async () => {
    const opened = bundle();
    const [encoder, expert] = [await Encoder.open(opened), await Expert.open(opened)];
    const { pixels, valid } = input(opened.manifest);
    output = await expert.run(await encoder.encode(pixels), valid);
    await Promise.all([encoder.close(), expert.close()]);
  });

  it.each(['maps', 'significance', 'imageTokens', 'anomalyTokens'] as const)('agrees with PyTorch on %s', (name) => {
    expect(output[name]).toHaveLength(expected[name].length);
    const differences = expected[name].map((value, i) => Math.abs(value - (output[name][i] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  });

  it('agrees with PyTorch on the score', () => {
    expect(Math.abs(output.score - (expected.score[0] ?? NaN))).toBeLessThan(1e-3);
  });
});
