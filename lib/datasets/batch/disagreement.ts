/** One probability of two: their mean. */
export function combine(fromScore: number, fromLabels: number): number {
  return (fromScore + fromLabels) / 2;
}

/**
 * 1 at a probability of one half, 0 when it is sure either way; 1 for whatever the model itself says that it cannot
 * tell, wherever the bounds of its doubt are.
 */
export function uncertaintyOf(probability: number, isUnsure = false): number {
  return isUnsure ? 1 : 1 - Math.abs(2 * probability - 1);
}

/**
 * How much the model contradicts an annotation, 0..1: the larger of what it says against the label and against the
 * mask.
 *
 * @param target 1 anomalous, -1 normal, 0 unlabelled
 * @param agreement how well the annotated mask's place fits the anomaly map, 0..1; null without a mask
 * @returns null for unlabelled items
 */
export function disagreementOf({
  probability,
  target,
  agreement,
}: {
  probability: number;
  target: number;
  agreement: number | null;
}): number | null {
  if (target === 0) {
    return null;
  }
  const label = Math.abs((target > 0 ? 1 : 0) - probability);
  // Squared: a place that is nearly the best is no objection, however many items have one.
  const mask = target > 0 && agreement !== null ? (1 - agreement) ** 2 : 0;
  return Math.min(1, Math.max(label, mask));
}
