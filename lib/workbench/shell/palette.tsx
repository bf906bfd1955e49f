'use client';

import { Command as Cmdk } from 'cmdk';
import { MessageSquare } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { useCommands } from '../commands/commands-context';
import { recentCommands } from '../commands/recent';
import { commandLabel, isEnabled } from '../commands/registry';
import { imageUrl } from '../client/api';
import { useImages } from '../client/use-images';
import { useConversations } from '../client/use-server';
import { openImage } from '../state/editors';
import { rememberImage } from '../state/images';
import { openConversation } from '../state/layout';
import { overlayStore, type Overlay } from '../state/overlay';
import { Kbd } from '../ui/kbd';
import { relativeTime } from './relative-time';

const ITEM =
  'flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 text-ui data-[selected=true]:bg-accent data-[selected=true]:text-on-accent [&_svg]:size-4 [&_svg]:shrink-0';
const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-muted';

/** Command palette and quick open: one box; a leading ">" is the palette, as in VS Code. */
export function Palette({ mode }: { mode: Exclude<Overlay, null> }) {
  const [text, setText] = useState(mode === 'commands' ? '>' : '');
  const commandsMode = text.startsWith('>');
  const close = () => overlayStore.set(null);
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/25" />
        <Radix.Content
          aria-describedby={undefined}
          className="animate-rise fixed top-2 left-1/2 z-50 w-[min(96vw,38rem)] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised shadow-(--shadow)"
        >
          <Radix.Title className="sr-only">{commandsMode ? 'Command palette' : 'Quick open'}</Radix.Title>
          <Cmdk
            label={commandsMode ? 'Commands' : 'Images and conversations'}
            loop
            filter={(value, search, keywords) => match(value, keywords?.join(' ') ?? '', search.replace(/^>\s*/, ''))}
          >
            <Cmdk.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder="Search images and conversations, or type > for commands"
              className="h-10 w-full border-b border-line bg-transparent px-3.5 outline-none placeholder:text-muted"
            />
            <Cmdk.List className="max-h-[min(60vh,26rem)] scroll-py-1 overflow-y-auto p-1">
              <Cmdk.Empty className="p-4 text-center text-muted">
                {commandsMode ? 'No command is called that.' : 'Nothing is called that.'}
              </Cmdk.Empty>
              {commandsMode ? <CommandItems onDone={close} /> : <FileItems query={text} onDone={close} />}
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** How much a name that has the words, but not next to each other, counts against one that has them so. */
const SCATTERED = 0.9;

/**
 * Every typed word must occur. A word of the name counts more than one of the keywords, its start more than its middle,
 * and words in a row more than scattered ones ("close editor" is not "Close All Editors").
 */
function match(name: string, keywords: string, search: string): number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const start = name.toLowerCase().includes(words.join(' ')) ? 1 : SCATTERED;
  return words.reduce((score, word) => {
    const at = name.toLowerCase().indexOf(word);
    if (at < 0) {
      return keywords.toLowerCase().includes(word) ? score * 0.2 : 0;
    }
    return score * (at === 0 || /[\s:]/.test(name.charAt(at - 1)) ? 1 : 0.6);
  }, start);
}

function CommandItems({ onDone }: { onDone: () => void }) {
  const commands = useCommands();
  const [context] = useState(() => commands.context());
  const enabled = commands.registry
    .all()
    .filter((command) => isEnabled(command, context) && command.id !== 'view.commandPalette');
  const recent = recentCommands().flatMap((id) => enabled.filter((command) => command.id === id));
  const others = enabled
    .filter((command) => !recent.includes(command))
    .sort((a, b) => commandLabel(a).localeCompare(commandLabel(b)));
  const item = (command: (typeof enabled)[number]): ReactNode => (
    <Cmdk.Item
      key={command.id}
      value={commandLabel(command)}
      keywords={command.keywords ? [command.keywords] : []}
      onSelect={() => {
        onDone();
        // After the dialog has given the focus back, so that a command may take it.
        setTimeout(() => commands.execute(command));
      }}
      className={ITEM}
    >
      <span className="flex-1 truncate">{commandLabel(command)}</span>
      {command.keybindings?.[0] ? <Kbd binding={command.keybindings[0]} /> : null}
    </Cmdk.Item>
  );
  return (
    <>
      {recent.length > 0 ? (
        <Cmdk.Group heading="recently used" className={GROUP}>
          {recent.map(item)}
        </Cmdk.Group>
      ) : null}
      <Cmdk.Group heading={recent.length > 0 ? 'other commands' : 'commands'} className={GROUP}>
        {others.map(item)}
      </Cmdk.Group>
    </>
  );
}

function FileItems({ query, onDone }: { query: string; onDone: () => void }) {
  const { images } = useImages(useDeferredValue(query.trim()));
  const { conversations } = useConversations('');
  return (
    <>
      {images.length > 0 ? (
        <Cmdk.Group heading="images" className={GROUP}>
          {images.map((image) => (
            <Cmdk.Item
              key={image.id}
              value={`${image.name} ${image.id}`}
              onSelect={() => {
                onDone();
                rememberImage(image);
                openImage({ imageId: image.id, name: image.name });
              }}
              className={ITEM}
            >
              {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
              <img src={imageUrl(image.id, 160)} alt="" loading="lazy" className="size-5 rounded-sm object-cover" />
              <span className="flex-1 truncate">{image.name}</span>
              {image.inspection ? (
                <span className="text-2xs tabular-nums">{image.inspection.score.toFixed(2)}</span>
              ) : null}
            </Cmdk.Item>
          ))}
        </Cmdk.Group>
      ) : null}
      <Cmdk.Group heading="conversations" className={GROUP}>
        {conversations.map((conversation) => (
          <Cmdk.Item
            key={conversation.id}
            value={`${conversation.title} ${conversation.id}`}
            onSelect={() => {
              onDone();
              openConversation(conversation.id, { link: true });
            }}
            className={ITEM}
          >
            <MessageSquare aria-hidden />
            <span dir="auto" className="flex-1 truncate text-left">
              {conversation.title}
            </span>
            <span className="text-2xs">{relativeTime(conversation.updatedAt)}</span>
          </Cmdk.Item>
        ))}
      </Cmdk.Group>
    </>
  );
}
