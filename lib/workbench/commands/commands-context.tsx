'use client';

import { createContext, useContext } from 'react';
import type { Command, CommandContext, CommandRegistry } from './registry';

export type Commands = {
  registry: CommandRegistry;
  /** The facts of this moment, for `when`. */
  context: () => CommandContext;
  run: (id: string) => void;
  /** Runs a command and remembers it as recently used. */
  execute: (command: Command) => void;
};

export const CommandsContext = createContext<Commands | null>(null);

/** The commands of the workbench. @throws Error outside of it. */
export function useCommands(): Commands {
  const commands = useContext(CommandsContext);
  if (!commands) {
    throw new Error('useCommands must be used inside the workbench.');
  }
  return commands;
}
