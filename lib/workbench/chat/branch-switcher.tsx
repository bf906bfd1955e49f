import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ChatMessage } from '@/lib/contract';
import { useStore } from '../state/create-store';
import { Button } from '../ui/button';
import type { ChatSession } from './session';
import { siblingsOf } from './tree';

/** `‹ 1 / 2 ›` where a question was edited or an answer written again. */
export function BranchSwitcher({
  session,
  message,
  disabled,
}: {
  session: ChatSession;
  message: ChatMessage;
  disabled: boolean;
}) {
  const ids = useStore(session.state, ({ tree }) => siblingsOf(tree, message).map(({ id }) => id));
  const at = ids.indexOf(message.id);
  if (ids.length < 2) {
    return null;
  }
  return (
    <span role="group" aria-label="Branches" className="inline-flex items-center text-2xs text-muted">
      <Button
        size="icon"
        aria-label="Previous branch"
        disabled={disabled || at <= 0}
        onClick={() => session.switchBranch(message, -1)}
      >
        <ChevronLeft />
      </Button>
      <span className="tabular-nums">
        {at + 1} / {ids.length}
      </span>
      <Button
        size="icon"
        aria-label="Next branch"
        disabled={disabled || at >= ids.length - 1}
        onClick={() => session.switchBranch(message, 1)}
      >
        <ChevronRight />
      </Button>
    </span>
  );
}
