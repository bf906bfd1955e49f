import type { LucideIcon } from 'lucide-react';
import { contributionOf } from '../contributions';
import type { TabOf } from '../contributions/contribution';
import type { EditorTab } from '../state/layout';

/** Icon and title of a tab. */
export function tabInfo<Kind extends EditorTab['kind']>(tab: TabOf<Kind>): { icon: LucideIcon; title: string } {
  const { icon, title } = contributionOf<Kind>(tab);
  return { icon, title: title(tab) };
}
