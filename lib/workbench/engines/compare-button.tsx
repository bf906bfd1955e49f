'use client';

import { Columns2 } from 'lucide-react';
import type { ChatMessage } from '@/lib/contract';
import type { ChatSession } from '../chat/session';
import { siblingsOf } from '../chat/tree';
import { openTab } from '../state/editors';
import { consentStore, engineChoiceOf, engineStore } from '../state/engines';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { Tooltip } from '../ui/tooltip';
import { useEngines } from './use-engines';

/** Opens the answers to one question side by side. */
function openComparison(conversationId: string, questionId: string): void {
  openTab({ kind: 'answers', id: `answers-${questionId}`, conversationId, questionId });
}

/** Asks the question of an answer to another engine as well, and compares what they say. */
export function CompareButton({
  session,
  message,
  disabled,
}: {
  session: ChatSession;
  message: ChatMessage;
  disabled: boolean;
}) {
  const { engines } = useEngines();
  const questionId = message.metadata?.parentId ?? null;
  const answers = siblingsOf(session.state.get().tree, message).length;
  if (questionId === null || (engines.length < 2 && answers < 2)) {
    return null;
  }
  const ask = (name: string, kind: 'embedded' | 'remote', allowed: boolean) => {
    const run = (allow: boolean) => {
      openComparison(session.id, questionId);
      void session.askAlso(questionId, kind === 'embedded' ? null : name, allow);
    };
    if (kind === 'embedded' || allowed || engineChoiceOf(engineStore.get(), session.id).allowed.includes(name)) {
      run(false);
    } else {
      consentStore.set({ conversationId: session.id, engine: name, once: () => run(true) });
    }
  };
  return (
    <Tooltip label="Compare engines">
      <Menu
        align="start"
        side="top"
        entries={[
          ...engines.map(({ name, label, kind, allowed }) => ({
            id: name,
            label: `Ask ${label} too`,
            onSelect: () => ask(name, kind, allowed),
          })),
          {
            id: 'compare',
            label: 'Show the answers side by side',
            separator: true,
            disabled: answers < 2,
            onSelect: () => openComparison(session.id, questionId),
          },
        ]}
      >
        <Button size="icon" aria-label="Compare engines" disabled={disabled}>
          <Columns2 />
        </Button>
      </Menu>
    </Tooltip>
  );
}
