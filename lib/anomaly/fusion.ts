import type { CalibrationManifest } from '@/lib/engine/manifest';
import { calibrateLogit, logit, sigmoid } from './calibration';

/**
 * A comparison with `references` images: standardised distances of the image and of its patches [V*P]; `typical`: the
 * median distance of the base view's patches, not standardised.
 */
export type Comparison = { references: number; score: number; deviations: Float32Array; typical?: number };

/**
 * The calibrated score 0..1 of an LTFM score, fused with a comparison where there is one: the logits' weighted mean
 * (docs/decisions/reference-mode.md).
 */
export function fuseScore(
  rawScore: number,
  comparison: Comparison | undefined,
  calibration: CalibrationManifest,
): number {
  const expert = calibrateLogit(logit(rawScore), calibration);
  if (comparison === undefined) {
    return expert;
  }
  const { reference } = calibration;
  const { weight, scale, bias } = (comparison.references === 1 && reference.single) || reference;
  return sigmoid((1 - weight) * logit(expert) + weight * (scale * comparison.score + bias));
}

/**
 * The same for anomaly maps [V*P]; patches that the comparison says nothing about (padding) keep the expert's value.
 */
export function fuseMaps(
  maps: Float32Array,
  comparison: Comparison | undefined,
  { reference }: Pick<CalibrationManifest, 'reference'>,
): Float32Array {
  if (comparison === undefined) {
    return maps;
  }
  const { scale, bias } = reference;
  const weight = reference.mapWeight ?? reference.weight;
  return maps.map((value, i) => {
    const deviation = comparison.deviations[i] ?? -Infinity;
    return Number.isFinite(deviation)
      ? sigmoid((1 - weight) * logit(value) + weight * (scale * deviation + bias))
      : value;
  });
}
