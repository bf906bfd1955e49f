'use client';

import { Command, ImagePlus, MessageSquarePlus, ScanEye, type LucideIcon } from 'lucide-react';
import { useCommands } from '../commands/commands-context';
import { useConversations } from '../client/use-server';
import { openConversation } from '../state/layout';
import { Kbd } from '../ui/kbd';
import { relativeTime } from './relative-time';

const START: readonly { command: string; icon: LucideIcon }[] = [
  { command: 'file.newConversation', icon: MessageSquarePlus },
  { command: 'file.attach', icon: ImagePlus },
  { command: 'view.commandPalette', icon: Command },
];

const STEPS = [
  [
    'Drop a photo',
    'Drag an image anywhere onto the window, paste it, or choose a file. Nothing leaves this machine unless you allow it.',
  ],
  [
    'See where',
    'The anomaly is scored, masked and listed under Problems. Open the image to zoom, compare and read values.',
  ],
  ['Ask on', 'What does it mean, why did it happen, what should be done: suggested questions lead to a checklist.'],
] as const;

/** The first page: how to begin, what was open, how it works. */
export function Welcome() {
  const commands = useCommands();
  const { conversations } = useConversations('');
  return (
    <div className="flex flex-1 overflow-y-auto">
      <div className="m-auto w-full max-w-3xl px-8 py-10">
        <header className="flex items-center gap-3">
          <ScanEye className="size-10 text-accent" strokeWidth={1.4} aria-hidden />
          <div>
            <h2 className="text-2xl font-semibold tracking-tight text-strong">LookTwice</h2>
            <p className="text-muted">The second look at every part.</p>
          </div>
        </header>
        <div className="mt-8 grid gap-8 sm:grid-cols-2">
          <section>
            <h3 className="mb-2 font-semibold text-strong">Start</h3>
            <ul className="space-y-0.5">
              {START.map(({ command: id, icon: Icon }) => {
                const command = commands.registry.get(id);
                return (
                  <li key={id}>
                    <button
                      type="button"
                      onClick={() => commands.run(id)}
                      className="-mx-2 flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left text-link hover:bg-hover"
                    >
                      <Icon className="size-4" aria-hidden />
                      <span className="flex-1">{command.title}</span>
                      {command.keybindings?.[0] ? <Kbd binding={command.keybindings[0]} /> : null}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
          <section>
            <h3 className="mb-2 font-semibold text-strong">Recent</h3>
            {conversations.length === 0 ? (
              <p className="py-1.5 text-muted">Conversations you have had are listed here.</p>
            ) : (
              <ul className="space-y-0.5">
                {conversations.slice(0, 5).map((conversation) => (
                  <li key={conversation.id}>
                    <button
                      type="button"
                      onClick={() => openConversation(conversation.id, { link: true })}
                      className="-mx-2 flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover"
                    >
                      <span dir="auto" className="flex-1 truncate text-left text-link">
                        {conversation.title}
                      </span>
                      <span className="text-2xs text-muted">{relativeTime(conversation.updatedAt)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
        <ol className="mt-8 grid gap-4 border-t border-line pt-6 sm:grid-cols-3">
          {STEPS.map(([title, text], index) => (
            <li key={title}>
              <p className="flex items-center gap-2 font-medium text-strong">
                <span className="grid size-5 place-items-center rounded-full bg-accent-soft text-2xs text-link tabular-nums">
                  {index + 1}
                </span>
                {title}
              </p>
              <p className="mt-1 text-xs leading-5 text-muted">{text}</p>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
