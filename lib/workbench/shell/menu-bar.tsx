'use client';

import { Menubar } from 'radix-ui';
import { MENUS } from '../commands/menus';
import { useCommands } from '../commands/commands-context';
import { isEnabled } from '../commands/registry';
import { Kbd } from '../ui/kbd';

/** The application menu of wide screens, from the command registry. */
export function MenuBar() {
  return (
    <Menubar.Root className="flex items-center" aria-label="Application menu">
      {MENUS.map(({ title, items }) => (
        <Menubar.Menu key={title}>
          <Menubar.Trigger className="rounded px-2 py-0.5 text-ui outline-none hover:bg-hover focus-visible:bg-hover data-[state=open]:bg-active">
            {title}
          </Menubar.Trigger>
          <Menubar.Portal>
            <Menubar.Content
              align="start"
              sideOffset={5}
              className="animate-rise z-50 max-h-[80vh] min-w-64 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-(--shadow)"
            >
              <MenuItems items={items} />
            </Menubar.Content>
          </Menubar.Portal>
        </Menubar.Menu>
      ))}
    </Menubar.Root>
  );
}

function MenuItems({ items }: { items: readonly (string | null)[] }) {
  const commands = useCommands();
  const context = commands.context();
  return items.map((id, index) => {
    if (id === null) {
      return <Menubar.Separator key={index} className="mx-1 my-1 h-px bg-line" />;
    }
    const command = commands.registry.get(id);
    const keybinding = command.keybindings?.[0];
    return (
      <Menubar.Item
        key={id}
        disabled={!isEnabled(command, context)}
        onSelect={() => commands.execute(command)}
        className="flex h-7 items-center justify-between gap-8 rounded px-2 text-ui outline-none select-none data-disabled:opacity-45 data-highlighted:bg-accent data-highlighted:text-on-accent"
      >
        {command.title}
        {keybinding ? <Kbd binding={keybinding} /> : null}
      </Menubar.Item>
    );
  });
}
