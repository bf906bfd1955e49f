'use client';

import { Menu as MenuIcon, PanelBottom, PanelLeft, PanelRight, ScanEye, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { MENUS } from '../commands/menus';
import { CommandButton } from '../commands/command-button';
import { useCommands } from '../commands/commands-context';
import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { Kbd } from '../ui/kbd';
import { Menu, useMenusLoaded } from '../ui/menu';
import { Button } from '../ui/button';

/** The menus' titles while their code loads: same places, so that nothing jumps. */
function MenuTitles() {
  return (
    <div aria-hidden className="flex items-center">
      {MENUS.map(({ title }) => (
        <span key={title} className="px-2 py-0.5 text-ui">
          {title}
        </span>
      ))}
    </div>
  );
}

const MenuBar = dynamic(() => import('./menu-bar').then((module) => module.MenuBar), {
  ssr: false,
  loading: MenuTitles,
});

/** Menus, the command centre and the layout switches. */
export function TitleBar() {
  const commands = useCommands();
  const menus = useMenusLoaded();
  const shown = useStore(layoutStore, ({ sideBar, panel, chat }) => ({ sideBar, panel, chat }));
  return (
    <header className="flex h-9 shrink-0 items-center gap-1 border-b border-line px-2">
      <ScanEye className="mx-1 size-4.5 text-accent" aria-hidden />
      <h1 className="sr-only">LookTwice</h1>
      <div className="hidden lg:block">{menus ? <MenuBar /> : <MenuTitles />}</div>
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
