'use client';

import { Settings } from 'lucide-react';
import { useCommands } from '../commands/commands-context';
import { isEnabled } from '../commands/registry';
import { accountStore } from '../state/account';
import { useStore } from '../state/create-store';
import { layoutStore, toggleSideView, type SideView } from '../state/layout';
import { cn } from '../ui/cn';
import { Menu } from '../ui/menu';
import { Tooltip } from '../ui/tooltip';
import { SIDE_VIEWS } from './side-views';

const VIEWS = Object.entries(SIDE_VIEWS) as [SideView, (typeof SIDE_VIEWS)[SideView]][];

const GEAR = [
  'view.commandPalette',
  'preferences.settings',
  'preferences.shortcuts',
  'account.open',
  'account.team',
  'preferences.themeLight',
  'preferences.themeDark',
  'preferences.themeHighContrast',
  'preferences.themeSystem',
];

const BUTTON =
  'relative grid h-11 w-full place-items-center text-muted hover:text-strong data-[state=open]:text-strong';

/** The views of the side bar as icons, and the gear. */
export function ActivityBar() {
  const commands = useCommands();
  // Who is signed in decides what the gear offers.
  useStore(accountStore, (account) => account);
  const { sideBar, sideView } = useStore(layoutStore, (layout) => ({
    sideBar: layout.sideBar,
    sideView: layout.sideView,
  }));
  return (
    <nav aria-label="Views" data-part="activity" className="flex w-12 shrink-0 flex-col border-r border-line bg-app">
      {VIEWS.map(([view, { label, command, icon: Icon }]) => {
        const shown = sideBar && sideView === view;
        return (
          <Tooltip key={view} label={label} keybinding={commands.registry.get(command).keybindings?.[0]} side="right">
            <button
              type="button"
              aria-label={label}
              aria-pressed={shown}
              onClick={() => toggleSideView(view)}
              className={cn(
                BUTTON,
                shown &&
                  'text-strong before:absolute before:inset-y-1.5 before:left-0 before:w-0.5 before:rounded-full before:bg-accent',
              )}
            >
              <Icon className="size-5.5" strokeWidth={1.6} aria-hidden />
            </button>
          </Tooltip>
        );
      })}
      <span className="flex-1" />
      <Menu
        side="right"
        entries={GEAR.map((id) => commands.registry.get(id))
          .filter((command) => isEnabled(command, commands.context()))
          .map((command) => ({
            id: command.id,
            label: command.title,
            keybinding: command.keybindings?.[0],
            separator: ['preferences.settings', 'account.open', 'preferences.themeLight'].includes(command.id),
            onSelect: () => commands.execute(command),
          }))}
      >
        <button type="button" aria-label="Settings" className={BUTTON}>
          <Settings className="size-5.5" strokeWidth={1.6} aria-hidden />
        </button>
      </Menu>
    </nav>
  );
}
