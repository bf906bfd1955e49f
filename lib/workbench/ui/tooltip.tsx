'use client';

import type { ReactNode } from 'react';
import { createStore, useStore } from '../state/create-store';
import type * as Implementation from './radix-tooltip';
import { whenUntouched } from './when-untouched';

export type TooltipProps = {
  label: string;
  keybinding?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
};

/** The tooltips' code and that which places them: not needed before somebody rests on a button. */
const loaded = createStore<typeof Implementation | null>(null);

/** Loads the code of the tooltips; until then what they belong to stands alone. */
export async function loadTooltips(): Promise<void> {
  const implementation = await import('./radix-tooltip');
  // Every button that has one is made again: not while somebody is on one.
  whenUntouched('button', () => loaded.set(implementation));
}

/** A label on hover and focus, with the keybinding beside it. The trigger keeps its own accessible name. */
export function Tooltip(props: TooltipProps) {
  const implementation = useStore(loaded, (value) => value);
  return implementation ? <implementation.Tooltip {...props} /> : props.children;
}
