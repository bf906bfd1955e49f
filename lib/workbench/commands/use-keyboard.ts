import { useEffect } from 'react';
import { chordStore, overlayStore } from '../state/overlay';
import { isInputMethodKey } from '../ui/composing';
import { isMac } from '../ui/platform';
import type { Commands } from './commands-context';
import { KeyDispatcher } from './dispatch';
import { strokeLabels } from './keybinding';

/** The one listener that turns keys into commands. While a dialog is open only its own keys work. */
export function useKeyboard(commands: Commands): void {
  useEffect(() => {
    const mac = isMac();
    const dispatcher = new KeyDispatcher(commands.registry.all(), mac);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isInputMethodKey(event) || overlayStore.get() !== null) {
        return;
      }
      const outcome = dispatcher.handle(event, commands.context());
      chordStore.set(
        outcome.kind === 'chord'
          ? outcome.strokes.map((stroke) => strokeLabels(stroke, mac).join('+')).join(' ')
          : null,
      );
      if (outcome.kind === 'none') {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (outcome.kind === 'run') {
        commands.execute(outcome.command);
      }
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [commands]);
}
