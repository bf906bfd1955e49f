import { ClipboardCheck } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';
import { reviewCommands } from '../commands/review-commands';

const ReviewView = lazyEditor(() => import('./review-view').then((module) => module.ReviewView));

export const reviewContribution: Contribution<'review'> = {
  icon: ClipboardCheck,
  title: ({ name }) => `Review: ${name}`,
  Editor: ({ tab, active }) => <ReviewView key={tab.datasetId} datasetId={tab.datasetId} active={active} />,
  commands: reviewCommands,
};
