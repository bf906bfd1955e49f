import { goTo } from '../client/go-to';
import * as editors from '../state/editors';
import type { Command } from './registry';

/** What commands need from outside the stores. */
export type CommandServices = {
  setTheme: (theme: 'system' | 'light' | 'dark' | 'high-contrast') => void;
  cycleTheme: () => void;
};

/** Accounts, settings, shortcuts and colours. */
export const preferenceCommands = ({ setTheme, cycleTheme }: CommandServices): readonly Command[] => [
  {
    id: 'account.open',
    category: 'Preferences',
    title: 'Account and API Keys…',
    when: ({ team }) => team,
    keywords: 'password sign out session user',
    run: () => goTo('/account'),
  },
  {
    id: 'account.team',
    category: 'Preferences',
    title: 'Team and Audit Log…',
    when: ({ administrator }) => administrator,
    keywords: 'users invite roles people events',
    run: () => goTo('/team'),
  },
  {
    id: 'preferences.settings',
    category: 'Preferences',
    title: 'Settings',
    keybindings: ['mod+,'],
    run: () => editors.openTab({ kind: 'settings', id: 'settings' }),
  },
  {
    id: 'preferences.shortcuts',
    category: 'Preferences',
    title: 'Keyboard Shortcuts',
    keybindings: ['mod+k mod+s'],
    run: () => editors.openTab({ kind: 'shortcuts', id: 'shortcuts' }),
  },
  {
    id: 'preferences.cycleTheme',
    category: 'Preferences',
    title: 'Next Colour Theme',
    keybindings: ['mod+k t'],
    keywords: 'color',
    run: cycleTheme,
  },
  { id: 'preferences.themeLight', category: 'Preferences', title: 'Light Theme', run: () => setTheme('light') },
  { id: 'preferences.themeDark', category: 'Preferences', title: 'Dark Theme', run: () => setTheme('dark') },
  {
    id: 'preferences.themeHighContrast',
    category: 'Preferences',
    title: 'High Contrast Theme',
    run: () => setTheme('high-contrast'),
  },
  {
    id: 'preferences.themeSystem',
    category: 'Preferences',
    title: 'Follow the System Theme',
    run: () => setTheme('system'),
  },
];
