import type { Size } from '../../annotations/fit';
import type { ItemFields } from '../../annotations/item-fields';
import type { Shape } from '../../annotations/shapes';
import type { Exchange, Label, TextAnnotation } from '../../contract';

/** What one record of a label file says about one image. Absent fields say nothing. */
export type Statement = {
  /** The image as the label file names it. */
  image: string;
  /**
   * The name to look for where there is no such image: that of the label file, which was renamed with its image while
   * the name inside stayed.
   */
  orImage?: string | undefined;
  /** Folders below the root in which it may be; the set's own folder if absent. */
  folders?: readonly string[];
  /** The label file; two names in one file are two images. */
  source: string;
  /** Size of the picture that was annotated, in px. */
  size?: Size | undefined;
  shapes?: readonly Shape[];
  /** Classes of annotations without a region. */
  classes?: readonly string[];
  label?: Label | undefined;
  /** Why an annotation of the image could not be read. */
  doubts?: readonly string[];
  /** The doubts are about what its words mean, and no annotation is unreadable. */
  isVague?: boolean;
  /** Somebody looked at the image: without an annotation it is normal. */
  isLookedAt?: boolean;
  defectType?: string | null;
  category?: string | null;
  split?: string | null;
  text?: Partial<TextAnnotation>;
  exchanges?: readonly Exchange[];
  /** Mask pictures, named as the image is. */
  masks?: readonly string[];
  /** Whether the image is anomalous is for its masks to say. */
  isLabelledByMask?: boolean;
  /** What our own export says. */
  own?: ItemFields | undefined;
};
