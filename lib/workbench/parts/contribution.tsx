import { Package } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';

const PartEditor = lazyEditor(() => import('./part-editor').then((module) => module.PartEditor));

export const partContribution: Contribution<'part'> = {
  icon: Package,
  title: ({ name }) => name,
  Editor: ({ tab }) => <PartEditor key={tab.partId} partId={tab.partId} />,
};
