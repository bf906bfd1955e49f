'use client';

import type { ReactNode } from 'react';
import { Button, type ButtonProps } from '../ui/button';
import { isMac } from '../ui/platform';
import { Tooltip } from '../ui/tooltip';
import { useCommands } from './commands-context';
import { ariaKeybinding } from './keybinding';

/** An icon button for a command: name, tooltip and keybinding come from the registry. */
export function CommandButton({
  command: id,
  icon,
  pressed,
  side,
  ...props
}: { command: string; icon: ReactNode; pressed?: boolean; side?: 'top' | 'right' | 'bottom' | 'left' } & Omit<
  ButtonProps,
  'children' | 'onClick'
>) {
  const commands = useCommands();
  const command = commands.registry.get(id);
  const keybinding = command.keybindings?.[0];
  return (
    <Tooltip label={command.title} keybinding={keybinding} {...(side ? { side } : {})}>
      <Button
        size="icon"
        aria-label={command.title}
        aria-keyshortcuts={keybinding ? ariaKeybinding(keybinding, isMac()) : undefined}
        aria-pressed={pressed}
        onClick={() => commands.run(id)}
        {...props}
      >
        {icon}
      </Button>
    </Tooltip>
  );
}
