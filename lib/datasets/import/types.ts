import type { Size } from '../annotations/fit';
import type { Shape } from '../annotations/shapes';
import type { Exchange, ImportFormat, Label, TextAnnotation } from '../contract';

/** One image of a set to import, as its label files describe it. Nothing is decoded yet. */
export type ImportItem = {
  /** Below the root, forward slashes; with the set the key of the item. */
  path: string;
  /** Absolute, known to lie inside the root. */
  file: string;
  /**
   * The page of a TIFF stack that the item is, from 0; masks that are stacks are read at the same page. Undefined for a
   * file of one picture.
   */
  page?: number;
  split: string | null;
  category: string | null;
  label: Label;
  defectType: string | null;
  /** Absolute paths of mask images, to be united. */
  masks: string[];
  /** Nothing in the set is about the image, which is why it is unlabelled. */
  isNotLabelled?: boolean;
  /**
   * `label` is what it is if the masks mark anything; if they mark nothing, the image is normal, and if one cannot be
   * read, unlabelled.
   */
  isLabelledByMask?: boolean;
  shapes: Shape[];
  /** Size in px of the picture that was annotated, where the label files state it. */
  size: Size | null;
  text: Partial<TextAnnotation>;
  exchanges: Exchange[];
};

export type ImportProblem = { code: string; place: string; message: string };

/** Everything that a set's files state. `items` are sorted by path. */
export type ImportListing = {
  format: Exclude<ImportFormat, 'auto'>;
  items: ImportItem[];
  problems: ImportProblem[];
};
