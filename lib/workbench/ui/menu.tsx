'use client';

import type { ReactNode } from 'react';
import { createStore, useStore } from '../state/create-store';
import type * as Implementation from './radix-menu';

/** An entry of a menu. `checked` makes it a check item, `separator` draws a line before it. */
export type MenuEntry = {
  id: string;
  label: string;
  icon?: ReactNode;
  keybinding?: string | undefined;
  disabled?: boolean;
  checked?: boolean;
  separator?: boolean;
  danger?: boolean;
  onSelect: () => void;
};

export type MenuProps = {
  entries: readonly MenuEntry[];
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'bottom' | 'right' | 'top';
};
export type ContextMenuProps = { entries: readonly MenuEntry[]; children: ReactNode };

/** The menus' code: a tenth of the page's, and nothing needs it before the first menu opens. */
const loaded = createStore<typeof Implementation | null>(null);

/** Loads the code of the menus; until then their triggers are plain buttons. */
export async function loadMenus(): Promise<void> {
  const implementation = await import('./radix-menu');
  loaded.set(implementation);
}

/** Whether menus can be opened yet. */
export function useMenusLoaded(): boolean {
  return useStore(loaded, (value) => value !== null);
}

/** A menu that drops from `children`. */
export function Menu(props: MenuProps) {
  const implementation = useStore(loaded, (value) => value);
  return implementation ? <implementation.Menu {...props} /> : props.children;
}

/** The menu of a right click (or the menu key) on `children`. */
export function ContextMenu(props: ContextMenuProps) {
  const implementation = useStore(loaded, (value) => value);
  return implementation ? <implementation.ContextMenu {...props} /> : props.children;
}
