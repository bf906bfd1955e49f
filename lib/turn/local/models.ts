import type { InspectionState } from '@/lib/anomaly/state';
import type { Playbook } from '@/lib/knowledge';
import type { LanguageEngine } from '@/lib/language';
import type { MaskSource } from '@/lib/segmentation/mask-source';
import type { Look, LookOptions, TurnImage } from '../perception';
import type { Planner } from '../planner';

/** What a local turn runs on; the engine's worker provides it. */
export type TurnModels = {
  language: LanguageEngine;
  segmenter: MaskSource;
  playbook: Playbook;
  /** The bundle's system prompt and its name, e.g. `looktwice-mini@0.1.0`. */
  system: string;
  bundle: string;
  /**
   * Undefined when the language model was not trained to say `<seg>`: masks then are shown, but nothing measured on
   * them is handed back to it.
   */
  segToken: number | undefined;
  /** True when the language model was trained to doubt "moderately" suspicious images (`language.unsure`). */
  doubts: boolean;
  /** Tells what a question asks for; undefined for a bundle whose model was not trained to be told. */
  planner: Planner | undefined;
  /** Width of the language model's vectors. */
  width: number;
  /**
   * Looks at an image, compared with the references if there are any. An image that was looked at lately costs nothing.
   */
  look: (image: TurnImage, references: readonly TurnImage[], options: LookOptions) => Promise<Look<InspectionState>>;
};
