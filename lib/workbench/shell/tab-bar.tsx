'use client';

import { SplitSquareHorizontal, X } from 'lucide-react';
import { useRef, type DragEvent, type KeyboardEvent } from 'react';
import { CommandButton } from '../commands/command-button';
import { activateTab, closeTab, keepTab, moveTab, openTab } from '../state/editors';
import type { EditorGroup, EditorTab } from '../state/layout';
import { cn } from '../ui/cn';
import { draggedTab, TAB_DRAG } from '../ui/drag';
import { ContextMenu } from '../ui/menu';
import { tabInfo } from './tab-info';

/**
 * The tabs of one editor group: arrow keys walk them, Delete or the middle button closes, dragging sorts and moves
 * them.
 */
export function TabBar({ group, index, active }: { group: EditorGroup; index: number; active: boolean }) {
  const listRef = useRef<HTMLDivElement | null>(null);

  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>, tab: EditorTab) => {
    const at = group.tabs.findIndex(({ id }) => id === tab.id);
    const count = group.tabs.length;
    const targets: Record<string, number> = {
      ArrowRight: (at + 1) % count,
      ArrowLeft: (at + count - 1) % count,
      Home: 0,
      End: count - 1,
    };
    const next = targets[event.key] === undefined ? undefined : group.tabs[targets[event.key] ?? 0];
    if (next) {
      event.preventDefault();
      activateTab(index, next.id);
      listRef.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
    } else if (event.key === 'Delete') {
      event.preventDefault();
      closeTab(index, tab.id);
    }
  };

  const drop = (event: DragEvent, beforeId: string | null) => {
    const tab = draggedTab(event.dataTransfer);
    if (!tab) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    moveTab(tab.id, tab.group, index, beforeId);
  };
  const allow = (event: DragEvent) => {
    if (event.dataTransfer.types.includes(TAB_DRAG)) {
      event.preventDefault();
    }
  };

  return (
    <div
      className="flex h-9 shrink-0 items-stretch border-b border-line bg-app"
      onDragOver={allow}
      onDrop={(event) => drop(event, null)}
    >
      <div
        ref={listRef}
        role="tablist"
        aria-label="Open editors"
        className="flex min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]"
      >
        {group.tabs.map((tab) => {
          const { icon: Icon, title } = tabInfo(tab);
          const selected = tab.id === group.activeId;
          const preview = tab.kind === 'image' && tab.preview === true;
          return (
            <ContextMenu
              key={tab.id}
              entries={[
                { id: 'close', label: 'Close', onSelect: () => closeTab(index, tab.id) },
                {
                  id: 'others',
                  label: 'Close others',
                  disabled: group.tabs.length < 2,
                  onSelect: () => group.tabs.filter(({ id }) => id !== tab.id).forEach(({ id }) => closeTab(index, id)),
                },
                {
                  id: 'right',
                  label: 'Close to the right',
                  disabled: group.tabs.at(-1)?.id === tab.id,
                  onSelect: () =>
                    group.tabs
                      .slice(group.tabs.findIndex(({ id }) => id === tab.id) + 1)
                      .forEach(({ id }) => closeTab(index, id)),
                },
                ...(preview ? [{ id: 'keep', label: 'Keep open', onSelect: () => keepTab(index, tab.id) }] : []),
                {
                  id: 'split',
                  label: 'Open in a group beside',
                  separator: true,
                  onSelect: () => {
                    activateTab(index, tab.id);
                    openTab(tab, { beside: true });
                  },
                },
              ]}
            >
              <button
                type="button"
                role="tab"
                id={`tab-${group.id}-${tab.id}`}
                data-tab={tab.id}
                aria-selected={selected}
                aria-controls={`editor-${group.id}`}
                tabIndex={selected ? 0 : -1}
                draggable
                title={title}
                onDragStart={(event) => event.dataTransfer.setData(TAB_DRAG, `${index} ${tab.id}`)}
                onDragOver={allow}
                onDrop={(event) => drop(event, tab.id)}
                onClick={() => activateTab(index, tab.id)}
                onDoubleClick={() => keepTab(index, tab.id)}
                onAuxClick={(event) => event.button === 1 && closeTab(index, tab.id)}
                onKeyDown={(event) => onKeyDown(event, tab)}
                className={cn(
                  'group/tab flex max-w-52 min-w-24 shrink-0 items-center gap-1.5 border-r border-line pr-1.5 pl-3 text-ui text-muted hover:text-fg',
                  selected && 'bg-editor text-strong',
                  selected && active && 'shadow-[inset_0_1.5px_0_var(--accent)]',
                )}
              >
                <Icon className="size-3.5 shrink-0" aria-hidden />
                <span dir="auto" className={cn('flex-1 truncate text-left', preview && 'italic')}>
                  {title}
                </span>
                {/* For the mouse; the keyboard closes with Delete or the command. */}
                <span
                  aria-hidden
                  data-close
                  className={cn(
                    'grid size-5 place-items-center rounded opacity-0 group-hover/tab:opacity-100 hover:bg-hover',
                    selected && 'opacity-100',
                  )}
                  onClick={(event) => {
                    event.stopPropagation();
                    closeTab(index, tab.id);
                  }}
                >
                  <X className="size-3.5" />
                </span>
              </button>
            </ContextMenu>
          );
        })}
      </div>
      <div className="flex items-center px-1">
        <CommandButton command="view.splitEditor" icon={<SplitSquareHorizontal />} />
      </div>
    </div>
  );
}
