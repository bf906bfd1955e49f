import type { Label, Verdict } from '@/lib/datasets/contract';

export const VERDICT_NAMES: Readonly<Record<Verdict | 'undone', string>> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  relabelled: 'Relabelled',
  second_opinion: 'Second opinion',
  skipped: 'Skipped',
  undone: 'Undone',
};

export const LABEL_NAMES: Readonly<Record<Label, string>> = {
  normal: 'Normal',
  anomalous: 'Anomalous',
  unlabelled: 'Unlabelled',
};

/** Text colour and mark of a verdict, so that no meaning hangs on colour alone. */
export const VERDICT_MARKS: Readonly<Record<Verdict, { mark: string; className: string }>> = {
  accepted: { mark: '✓', className: 'text-low' },
  rejected: { mark: '✕', className: 'text-high' },
  relabelled: { mark: '✎', className: 'text-low' },
  second_opinion: { mark: '?', className: 'text-mid' },
  skipped: { mark: '↷', className: 'text-muted' },
};
