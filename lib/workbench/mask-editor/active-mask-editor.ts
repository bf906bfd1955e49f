import { createStore } from '../state/create-store';
import type { MaskDocument } from './mask-document';

/** What commands can ask of the mask editor that is in front. */
export type MaskEditorHandle = {
  document: MaskDocument;
  /** Closes a polygon that is being drawn. */
  finish: () => void;
  /** Gives up a polygon or the clicks of click-to-segment. */
  cancel: () => void;
  /** Replaces the mask by the model's. */
  takeModelMask: () => void;
};

export const activeMaskEditor = createStore<MaskEditorHandle | null>(null);
