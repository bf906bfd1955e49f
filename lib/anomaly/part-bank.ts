import { createHash } from 'node:crypto';
import { checkpoint } from '@/lib/engine/checkpoint';
import type { Manifest, ReferenceManifest } from '@/lib/engine/manifest';
import { fuseScore } from './fusion';
import { ReferenceBank } from './reference-bank';
import { KindBank, type KindBankState } from './reference-kind';
import { type PartSample, toPatches } from './part-sample';
import { unitRows } from './quantised';
import type { Similarity } from './similarity';
import { type EncoderShape, KINDS, type Kind } from './view-patches';

/** Counts the changes of what a bank's file holds. */
const FORMAT = 3;

/** What a part's samples were made into: all that its file holds. */
export type PartBankData = {
  samples: readonly PartSample[];
  kinds: ReadonlyMap<Kind, KindBankState>;
};

/** What comparisons need besides the data. */
export type BankTools = { similarity: Similarity; shape: EncoderShape; settings: ReferenceManifest };

/**
 * Builds the bank of at least one sample.
 * @throws EngineError `cancelled`
 */
export async function buildPartBank(
  samples: readonly PartSample[],
  { similarity, shape, settings }: BankTools,
  signal?: AbortSignal,
): Promise<PartBankData> {
  const kinds = new Map<Kind, KindBankState>();
  for (const kind of KINDS) {
    await checkpoint(signal);
    const parts = samples.flatMap((sample) => sample.kinds.get(kind) ?? []);
    if (parts.length > 0) {
      const patches = parts.map((part) => toPatches(part, shape.width));
      kinds.set(kind, (await KindBank.build(kind, patches, shape.width, similarity, settings, signal)).state);
    }
  }
  return { samples, kinds };
}

/** The bank as comparisons use it; nothing is encoded. */
export function openPartBank(
  { samples, kinds }: PartBankData,
  { similarity, shape, settings }: BankTools,
): ReferenceBank {
  const { width } = shape;
  const opened = new Map<Kind, KindBank>();
  for (const [kind, state] of kinds) {
    const parts = samples.flatMap((sample) => sample.kinds.get(kind) ?? []);
    const bank = settings.levels.map((_, level) => {
      const rows = new Int8Array(state.rows.length * width);
      for (const [index, { reference, row }] of state.rows.entries()) {
        rows.set(parts[reference]?.unit[level]?.subarray(row * width, (row + 1) * width) ?? [], index * width);
      }
      return unitRows(rows, width);
    });
    opened.set(kind, KindBank.restore(bank, similarity, settings, state));
  }
  return new ReferenceBank(samples.length, similarity, shape, settings, opened);
}

/**
 * The calibrated score of each sample beside the others, 0..1, as an image of the part would get; null of a single one.
 */
export function leftOutScores(
  { samples, kinds }: PartBankData,
  calibration: Manifest['calibration'],
): (number | null)[] {
  // A view kind that some samples lack (small ones have no tiles) tells of those that have it.
  const places = new Map<Kind, number[]>();
  for (const kind of kinds.keys()) {
    places.set(
      kind,
      [...samples.entries()].flatMap(([index, sample]) => (sample.kinds.has(kind) ? [index] : [])),
    );
  }
  return samples.map(({ rawScore }, index) => {
    const deviations: number[] = [];
    for (const [kind, { leftOut, normal }] of kinds) {
      const found = leftOut[places.get(kind)?.indexOf(index) ?? -1];
      if (found !== undefined) {
        deviations.push((found - normal.mean) / normal.deviation);
      }
    }
    if (deviations.length === 0) {
      return null;
    }
    const score = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
    const comparison = { references: samples.length, score, deviations: new Float32Array(0) };
    return fuseScore(rawScore, comparison, calibration);
  });
}

/**
 * Names what a bank is built with: the files of the bundle that decide what it holds, and how images are cut and
 * compared.
 */
export function bankVersion({ files, vision, calibration }: Manifest): string {
  const graphs = ['encoder.onnx', 'expert.onnx', 'similarity.onnx', 'moments.onnx', 'residual.onnx', 'within.onnx'];
  const parts = [FORMAT, ...graphs.map((name) => files[name]?.sha256), vision, calibration.reference];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

/** Counts the changes of how an image is scored beside a bank that do not change the bank. */
const SCORING = 2;

/** Names what scores are calibrated with besides what `bankVersion` names. */
export function scoresVersion({ calibration: { bias, temperature } }: Pick<Manifest, 'calibration'>): string {
  return createHash('sha256')
    .update(JSON.stringify([SCORING, bias, temperature]))
    .digest('hex')
    .slice(0, 8);
}
