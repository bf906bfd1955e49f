import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Command } from '../commands/registry';
import type { EditorTab } from '../state/layout';

export type TabOf<Kind extends EditorTab['kind']> = Extract<EditorTab, { kind: Kind }>;

/** What a feature adds to the workbench: its editor, and the commands that go with it. */
export type Contribution<Kind extends EditorTab['kind']> = {
  icon: LucideIcon;
  title: (tab: TabOf<Kind>) => string;
  /** Made with `dynamic`, so that it does not slow the first load. `active`: its group has the focus. */
  Editor: ComponentType<{ tab: TabOf<Kind>; active: boolean }>;
  /** In the palette, the shortcut sheet and at the keyboard; with `menu`, in that menu too. */
  commands?: readonly Command[];
};
