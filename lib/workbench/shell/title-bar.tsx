'use client';

import { Menubar } from 'radix-ui';
import { Menu as MenuIcon, PanelBottom, PanelLeft, PanelRight, ScanEye, Search } from 'lucide-react';
import { MENUS } from '../commands/builtin';
import { CommandButton } from '../commands/command-button';
import { useCommands } from '../commands/commands-context';
import { isEnabled } from '../commands/registry';
import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { Kbd } from '../ui/kbd';
import { Menu } from '../ui/menu';
import { Button } from '../ui/button';

/** Menus, the command centre and the layout switches. */
export function TitleBar() {
  const commands = useCommands();
  const shown = useStore(layoutStore, ({ sideBar, panel, chat }) => ({ sideBar, panel, chat }));
  return (
    <header className="flex h-9 shrink-0 items-center gap-1 border-b border-line px-2">
      <ScanEye className="mx-1 size-4.5 text-accent" aria-hidden />
      <h1 className="sr-only">LookTwice</h1>
      <Menubar.Root className="hidden items-center lg:flex" aria-label="Application menu">
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
      <div className="lg:hidden">
        <Menu
          align="start"
          entries={MENUS.flatMap(({ items }, menu) =>
            items.flatMap((id, index) => {
              const command = id ? commands.registry.get(id) : null;
              return command
                ? [
                    {
                      id: `${menu}-${command.id}`,
                      label: command.title,
                      keybinding: command.keybindings?.[0],
                      separator: menu > 0 && index === 0,
                      onSelect: () => commands.execute(command),
                    },
                  ]
                : [];
            }),
          )}
        >
          <Button size="icon" aria-label="Application menu">
            <MenuIcon />
          </Button>
        </Menu>
      </div>
      <div className="flex min-w-0 flex-1 justify-center">
        <button
          type="button"
          onClick={() => commands.run('go.quickOpen')}
          className="flex h-6.5 w-full max-w-md min-w-0 items-center justify-center gap-2 rounded-md border border-line bg-editor px-2 text-xs text-muted hover:border-line-strong hover:text-fg"
        >
          <Search className="size-3.5" aria-hidden />
          <span className="truncate">Go to an image or a conversation</span>
          <Kbd binding="mod+p" className="max-sm:hidden" />
        </button>
      </div>
      <div className="hidden items-center md:flex">
        <CommandButton command="view.toggleSideBar" icon={<PanelLeft />} pressed={shown.sideBar} />
        <CommandButton command="view.togglePanel" icon={<PanelBottom />} pressed={shown.panel} />
        <CommandButton command="view.toggleChat" icon={<PanelRight />} pressed={shown.chat} />
      </div>
    </header>
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
