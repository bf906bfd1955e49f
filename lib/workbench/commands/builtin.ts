import { chatCommands } from './chat-commands';
import { fileCommands } from './file-commands';
import { goCommands } from './go-commands';
import { imageCommands } from './image-commands';
import { preferenceCommands, type CommandServices } from './preference-commands';
import type { Command } from './registry';
import { reviewCommands } from './review-commands';
import { viewCommands } from './view-commands';

/** Every command of the workbench. Titles and keybindings are written down in these lists and nowhere else. */
export function createCommands(services: CommandServices): Command[] {
  return [
    ...fileCommands,
    ...viewCommands,
    ...goCommands,
    ...chatCommands,
    ...imageCommands,
    ...reviewCommands,
    ...preferenceCommands(services),
  ];
}
