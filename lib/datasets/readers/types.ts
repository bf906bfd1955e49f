import type { ImportFormat } from '../contract';
import type { ValueWindow } from '@/lib/vision/value-range';
import { KnownError } from '@/lib/common/known-error';

/** How a data set lies on disk; each has one reader. */
export type LayoutName = 'manifest' | 'mvtec' | 'visa' | 'aitex' | 'elpv' | 'headct' | 'yes-no' | 'folder' | 'masks';

/** One labelled image of a data set, as its layout describes it. Nothing is decoded yet. */
export type DatasetItem = {
  /** Path below the root with forward slashes; unique in the set. */
  id: string;
  /** Absolute path, known to lie inside the root. */
  path: string;
  /** Values that are black and white, of a deep image where a person chose them; absent: they are found. */
  window?: ValueWindow | undefined;
  category: string;
  /** `val` images are neither references nor tested. */
  split: 'train' | 'test' | 'val';
  /** Defect type as the set names it; `good` for normal images. */
  type: string;
  /** 1 anomalous, 0 normal. */
  label: 0 | 1;
  /**
   * Absolute paths of the ground-truth masks, to be united. Empty on an anomalous image means "not annotated", not "no
   * anomalous pixel". Those of a normal image are to mark nothing: where one does, the image is not normal.
   */
  masks: string[];
  /** The masks decide: the label holds if they mark anything, else the image is normal. */
  isLabelledByMask?: boolean;
};

/** An image that the set has but does not label, or whose label cannot be read. */
export type UnlabelledItem = Pick<DatasetItem, 'id' | 'path'> & {
  category: string | null;
  split: DatasetItem['split'] | null;
  /** Nothing in the set is about it; otherwise what is cannot be read. */
  isNotLabelled?: boolean;
};

/** What is wrong with one file or row; the rest of the set stays usable. */
export type DatasetProblem = {
  code:
    | 'missing_mask'
    | 'missing_image'
    | 'unsafe_path'
    | 'bad_row'
    | 'empty_folder'
    | 'duplicate'
    | 'contradiction'
    | 'not_labelled'
    | 'ambiguous_name'
    | 'unused_picture'
    | 'unsafe_entry'
    | 'not_needed'
    | 'bad_file'
    | 'unread_format';
  /** The file or row, below the root. */
  where: string;
  message: string;
};

/**
 * A problem of a reader of layouts, or of one of label files, which have more codes (lib/datasets/contract/problems).
 */
export type ListingProblem = Omit<DatasetProblem, 'code'> & { code: string };

export type DatasetListing = {
  /** The root folder's name. */
  name: string;
  layout: LayoutName | Exclude<ImportFormat, 'auto'>;
  /** Absolute, symbolic links resolved. */
  root: string;
  /** Sorted by id. */
  items: DatasetItem[];
  /** Sorted by id; none of them is among the items. A problem says why. */
  unlabelled: UnlabelledItem[];
  problems: ListingProblem[];
};

/** The data set as a whole cannot be read (no such folder, unknown layout, broken label file). */
export class DatasetError extends KnownError {
  static override readonly kind = 'DatasetError';
  override name = 'DatasetError';
}
