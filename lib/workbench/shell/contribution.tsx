import { Keyboard, ScanEye, Settings } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';

const Welcome = lazyEditor(() => import('./welcome').then((module) => module.Welcome));
const SettingsEditor = lazyEditor(() => import('./settings-editor').then((module) => module.SettingsEditor));
const ShortcutSheet = lazyEditor(() => import('./shortcut-sheet').then((module) => module.ShortcutSheet));

export const welcomeContribution: Contribution<'welcome'> = {
  icon: ScanEye,
  title: () => 'Welcome',
  Editor: () => <Welcome />,
};

export const settingsContribution: Contribution<'settings'> = {
  icon: Settings,
  title: () => 'Settings',
  Editor: () => <SettingsEditor />,
};

export const shortcutsContribution: Contribution<'shortcuts'> = {
  icon: Keyboard,
  title: () => 'Keyboard Shortcuts',
  Editor: () => <ShortcutSheet />,
};
