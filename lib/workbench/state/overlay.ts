import { createStore } from './create-store';

/** What lies over the workbench. */
export type Overlay = 'commands' | 'files' | null;
export const overlayStore = createStore<Overlay>(null);

/** The first stroke of a chord, shown in the status bar until the second comes. */
export const chordStore = createStore<string | null>(null);
