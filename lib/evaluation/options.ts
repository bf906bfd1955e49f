/** How images are scored. */
export type EvaluationMode = 'zero-shot' | 'few-shot' | 'mutual';

export type EvaluationOptions = {
  mode: EvaluationMode;
  /** Normal reference images per category; 0 unless the mode is few-shot. */
  shots: number;
  /** At most this many test images per category; undefined for all. */
  limit: number | undefined;
  /** Seeds the draw of references, the draw of a limited test set and the bootstrap. */
  seed: number;
  /** Side of the square grid on which maps and masks are compared, in pixels. */
  pixelSize: number;
  /** Bootstrap resamples of the image metrics. */
  resamples: number;
};

export const EVALUATION_DEFAULTS: EvaluationOptions = {
  mode: 'zero-shot',
  shots: 0,
  limit: undefined,
  seed: 0,
  pixelSize: 256,
  resamples: 1000,
};
