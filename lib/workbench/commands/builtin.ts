import { contributedCommands } from '../contributions';
import { chatCommands } from './chat-commands';
import { fileCommands } from './file-commands';
import { goCommands } from './go-commands';
import { preferenceCommands, type CommandServices } from './preference-commands';
import type { Command } from './registry';
import { viewCommands } from './view-commands';

/** Every command of the workbench. Titles and keybindings are written down in these lists and
 * those of the contributions, and nowhere else. */
export function createCommands(services: CommandServices): Command[] {
  return [
    ...fileCommands,
    ...viewCommands,
    ...goCommands,
    ...chatCommands,
    ...contributedCommands,
    ...preferenceCommands(services),
  ];
}
