'use client';

import dynamic from 'next/dynamic';
import { useTheme } from 'next-themes';
import { useEffect, useMemo } from 'react';
import { notify, noticesWanted } from '../ui/notify';
import { restoreDrafts } from '../chat/drafts';
import { followOtherTabs } from '../chat/follow-tabs';
import { createCommands } from '../commands/builtin';
import { CommandsContext, type Commands } from '../commands/commands-context';
import { currentContext } from '../commands/context';
import { recentCommands, rememberCommand, restoreRecentCommands } from '../commands/recent';
import { restoreCompared } from '../benchmarks/selection';
import { CommandRegistry, type Command } from '../commands/registry';
import { useKeyboard } from '../commands/use-keyboard';
import { onAnyChange } from '../client/channel';
import { refreshImages } from '../client/use-images';
import { refreshConversations, useServerStatus } from '../client/use-server';
import { restoreTools } from '../mask-editor/tools';
import { accountStore } from '../state/account';
import { useStore } from '../state/create-store';
import { teachingStore } from '../parts/open-part';
import { consentStore } from '../state/engines';
import { layoutStore, restoreLayout } from '../state/layout';
import { overlayStore } from '../state/overlay';
import { sharingStore } from '../state/sharing';
import { restoreViewer } from '../state/viewer';
import { FileDrop } from './file-drop';
import { OfflineBanner } from './offline-banner';
import { Panes } from './panes';
import { StatusBar } from './status-bar';
import { TitleBar } from './title-bar';
import { warmUp, whenIdle } from './warm-up';

const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const ShareDialog = dynamic(() => import('../share/share-dialog').then((module) => module.ShareDialog), { ssr: false });
const ConsentDialog = dynamic(() => import('../engines/consent-dialog').then((module) => module.ConsentDialog), {
  ssr: false,
});
const TeachDialog = dynamic(() => import('../parts/teach-dialog').then((module) => module.TeachDialog), { ssr: false });
const Toasts = dynamic(() => import('./toasts').then((module) => module.Toasts), { ssr: false });

// Once per page, before anything renders: the stores are read by the first render.
restoreLayout();
restoreViewer();
restoreTools();
restoreDrafts();
restoreRecentCommands();
restoreCompared();

const THEME_ORDER = ['light', 'dark', 'high-contrast'] as const;

async function runSafely(command: Command): Promise<void> {
  try {
    await command.run();
  } catch (error) {
    notify.error(error instanceof Error ? error.message : String(error));
  }
}

function useWorkbenchCommands(): Commands {
  const { setTheme, resolvedTheme } = useTheme();
  return useMemo(() => {
    const registry = new CommandRegistry(
      createCommands({
        setTheme,
        cycleTheme: () => {
          const at = THEME_ORDER.findIndex((theme) => theme === resolvedTheme);
          setTheme(THEME_ORDER[(at + 1) % THEME_ORDER.length] ?? 'light');
        },
      }),
    );
    const execute = (command: Command) => {
      if (recentCommands()[0] !== command.id) {
        rememberCommand(command.id);
      }
      void runSafely(command);
    };
    return { registry, context: currentContext, execute, run: (id: string) => void runSafely(registry.get(id)) };
  }, [setTheme, resolvedTheme]);
}

/** The whole workbench. Runs in the browser only: its layout is what the last visit left. */
export default function Workbench() {
  const commands = useWorkbenchCommands();
  const overlay = useStore(overlayStore, (value) => value);
  const zen = useStore(layoutStore, (layout) => layout.zen === true);
  const notices = useStore(noticesWanted, (wanted) => wanted);
  const sharing = useStore(sharingStore, (value) => value !== null);
  const teaching = useStore(teachingStore, (value) => value !== null);
  const consent = useStore(consentStore, (value) => value !== null);
  const { offline } = useServerStatus();
  useKeyboard(commands);

  useEffect(
    () =>
      onAnyChange(() => {
        refreshImages();
        void refreshConversations();
      }),
    [],
  );
  useEffect(
    () =>
      whenIdle(() => {
        // Offline, the gear only lacks the account's entries; the banner tells why.
        void import('../accounts/account-api')
          .then(({ accountApi }) => accountApi.account())
          .then(
            (account) => accountStore.set(account),
            () => accountStore.set(null),
          );
      }),
    [],
  );
  useEffect(followOtherTabs, []);
  useEffect(warmUp, []);

  return (
    <CommandsContext value={commands}>
      <div className="flex h-dvh flex-col" data-workbench>
        {zen ? null : <TitleBar />}
        {offline ? <OfflineBanner /> : null}
        <Panes />
        {zen ? null : <StatusBar />}
      </div>
      <FileDrop />
      {overlay ? <Palette key={overlay} mode={overlay} /> : null}
      {sharing ? <ShareDialog /> : null}
      {consent ? <ConsentDialog /> : null}
      {teaching ? <TeachDialog /> : null}
      {notices ? <Toasts /> : null}
    </CommandsContext>
  );
}
