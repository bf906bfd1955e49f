import type { Judgement } from '@/lib/contract/verdict';
import type { ItemFields } from '../annotations/item-fields';
import type { Part, Verdict } from '../contract';
import type { Rle } from '@/lib/segmentation/rle';
import type { LeftOut } from './trainable';

/** An item as the writers get it, in the order of the paths. */
export type ExportItem = {
  id: string;
  path: string;
  sha256: string;
  width: number;
  height: number;
  fields: ItemFields;
  verdict: Verdict | null;
  score: number | null;
  disagreement: number | null;
  /** What the model says. */
  judgement: Judgement | null;
  /** The instances; their union is the mask. Empty without a mask. */
  parts: Part[];
  mask: Rle | null;
};

/** One file of an export. `blob`: the stored image with this key. */
export type ExportEntry = { path: string; content: { text: string } | { bytes: Uint8Array } | { blob: string } };

/** Writes a set: every file once, each path unique, the same items giving the same files. */
export type Exporter = (
  items: AsyncIterable<ExportItem>,
  options: {
    task: 'detect' | 'segment';
    /** Hears of every item that the format has no right place for. */
    onLeftOut?: ((item: LeftOut) => void) | undefined;
  },
) => AsyncGenerator<ExportEntry>;
