import { createStore } from '../state/create-store';
import type { Box } from './viewport';

/** What commands can ask of the image editor that is in front. */
export type ImageEditorHandle = {
  imageId: string;
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  actualSize: () => void;
  reveal: (box: Box) => void;
  toggleCompare: () => void;
  nextCompareView: () => void;
  inspect: () => Promise<void>;
};

export const activeImageEditor = createStore<ImageEditorHandle | null>(null);
