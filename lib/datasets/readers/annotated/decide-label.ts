import type { Shape } from '../../annotations/shapes';
import type { Label } from '../../contract';
import { labelOfWord } from '../label-words';

/** What label files say about one image, all of them together. */
export type Evidence = {
  /** Regions, those of classes that mean "normal" among them. */
  shapes: readonly Shape[];
  /** Classes of annotations that state no region. */
  classes: readonly string[];
  /** What is said in so many words. */
  labels: readonly Label[];
  /** An annotation could not be read. */
  isDoubted: boolean;
  /** Somebody looked at the image and left it without an annotation. */
  isLookedAt: boolean;
};

const isNormal = (word: string): boolean => labelOfWord(word) === 'normal';

/** The regions that show something, which those of a class "good" or "background" do not. */
export const anomalousShapes = (shapes: readonly Shape[]): Shape[] => shapes.filter(({ label }) => !isNormal(label));

/** The classes that show something, as labels. */
export const anomalousClasses = (classes: readonly string[]): { label: string }[] =>
  classes.filter((label) => !isNormal(label)).map((label) => ({ label }));

/**
 * The one rule by which readers of annotated sets label an image. What was found makes it anomalous. It is normal only
 * when that is said, or when somebody looked and marked nothing; and never while an annotation of it could not be read.
 *
 * @returns `contradiction` when the files say both
 */
export function decideLabel({ shapes, classes, labels, isDoubted, isLookedAt }: Evidence): Label | 'contradiction' {
  const isFound = anomalousShapes(shapes).length > 0 || classes.some((name) => !isNormal(name));
  const saysAnomalous = labels.includes('anomalous');
  const saysNormal = labels.includes('normal');
  if (saysNormal && (isFound || saysAnomalous)) {
    return 'contradiction';
  }
  if (isFound || saysAnomalous) {
    return 'anomalous';
  }
  if (isDoubted || labels.includes('unlabelled')) {
    return 'unlabelled';
  }
  const hasNormalClass = shapes.length + classes.length > 0;
  return saysNormal || hasNormalClass || isLookedAt ? 'normal' : 'unlabelled';
}
