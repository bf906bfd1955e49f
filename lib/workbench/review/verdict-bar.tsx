'use client';

import { Check, ChevronLeft, ChevronRight, CircleHelp, SkipForward, Tag, Undo2, Users, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Verdict } from '@/lib/datasets/contract';
import { CommandButton } from '../commands/command-button';
import { useCommands } from '../commands/commands-context';
import { Button } from '../ui/button';
import { Kbd } from '../ui/kbd';
import { useStore } from '../state/create-store';
import { queueStore } from './queue-store';

const VERDICTS: readonly { command: string; label: string; icon: ReactNode; verdict: Verdict }[] = [
  { command: 'review.accept', label: 'Accept', icon: <Check />, verdict: 'accepted' },
  { command: 'review.reject', label: 'Reject', icon: <X />, verdict: 'rejected' },
  { command: 'review.relabel', label: 'Relabel', icon: <Tag />, verdict: 'relabelled' },
  { command: 'review.secondOpinion', label: 'Second opinion', icon: <Users />, verdict: 'second_opinion' },
  { command: 'review.skip', label: 'Skip', icon: <SkipForward />, verdict: 'skipped' },
];

/** The verdicts with their keys, and where in the queue the reviewer is. */
export function VerdictBar({ verdict, disabled }: { verdict: Verdict | null; disabled: boolean }) {
  const commands = useCommands();
  const queue = useStore(queueStore, (value) => value);
  const share = queue && queue.progress.items > 0 ? queue.progress.reviewed / queue.progress.items : 0;
  return (
    <div className="shrink-0 border-b border-line">
      <div
        role="toolbar"
        aria-label="Verdict"
        className="flex min-h-11 items-center gap-1 px-2 max-lg:flex-wrap max-lg:py-1"
      >
        {VERDICTS.map(({ command, label, icon, verdict: mine }) => (
          <Button
            key={command}
            variant="ghost"
            className="max-sm:px-2"
            disabled={disabled}
            aria-pressed={verdict === mine}
            aria-keyshortcuts={(commands.registry.get(command).keybindings?.[0] ?? '').toUpperCase()}
            onClick={() => commands.run(command)}
          >
            {icon}
            {label}
            <Kbd binding={commands.registry.get(command).keybindings?.[0] ?? ''} className="max-lg:hidden" />
          </Button>
        ))}
        <CommandButton command="review.undo" icon={<Undo2 />} />
        <span className="flex-1" />
        <CommandButton command="review.previous" icon={<ChevronLeft />} />
        <output
          aria-label="Position in the queue"
          data-review-position
          className="min-w-16 text-center text-xs whitespace-nowrap text-muted tabular-nums"
        >
          {queue && queue.rows.length > 0 ? `${queue.index + 1} / ${queue.total}` : '0 / 0'}
        </output>
        <CommandButton command="review.next" icon={<ChevronRight />} />
        <CommandButton command="review.help" icon={<CircleHelp />} className="max-sm:hidden" />
      </div>
      <div
        role="progressbar"
        aria-label="Reviewed"
        aria-valuemin={0}
        aria-valuemax={queue?.progress.items ?? 0}
        aria-valuenow={queue?.progress.reviewed ?? 0}
        className="h-0.5 bg-active"
      >
        <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
