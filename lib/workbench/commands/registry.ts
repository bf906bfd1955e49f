import { parseKeybinding } from './keybinding';

/** Facts about the page that decide which commands are on offer. */
export type CommandContext = {
  /** Focus is in something that takes text: bindings without a modifier stay out of the way. */
  typing: boolean;
  imageEditor: boolean;
  review: boolean;
  /** Focus is on the review's picture itself, not on a control beside it. */
  maskStage: boolean;
  chatOpen: boolean;
  answering: boolean;
  hasConversation: boolean;
  hasMessages: boolean;
  hasProblems: boolean;
  hasTabs: boolean;
  splitEditor: boolean;
  /** There are accounts: one can sign out. */
  team: boolean;
  /** May see the team and the audit log. */
  administrator: boolean;
  zen: boolean;
};

export type MenuTitle = 'File' | 'View' | 'Go' | 'Chat' | 'Image' | 'Review' | 'Help';

export type CommandCategory = 'File' | 'View' | 'Go' | 'Chat' | 'Image' | 'Review' | 'Mask' | 'Preferences' | 'Help';

/**
 * One thing the workbench can do. Palette, menus, tooltips, the shortcut sheet and the keyboard all read it from here.
 */
export type Command = {
  id: string;
  title: string;
  category: CommandCategory;
  /** The first is the one shown; the others work too. */
  keybindings?: readonly string[];
  /** Absent: always on offer. */
  when?: (context: CommandContext) => boolean;
  /** The menu that lists it at its end; the built-in menus are in menus.ts. */
  menu?: MenuTitle;
  /** Other words people search it by. */
  keywords?: string;
  run: () => void | Promise<void>;
};

/** `Category: Title`, as the palette lists it. */
export function commandLabel(command: Command): string {
  return `${command.category}: ${command.title}`;
}

/** Whether a command is on offer now. */
export function isEnabled(command: Command, context: CommandContext): boolean {
  return command.when?.(context) ?? true;
}

/** All commands, by id. */
export class CommandRegistry {
  readonly #commands = new Map<string, Command>();

  /**
   * @throws Error for an id or keybinding that is taken (two commands may share a binding only if both have a `when`),
   *   or a binding that browsers reserve.
   */
  constructor(commands: readonly Command[]) {
    const bound = new Map<string, Command>();
    for (const command of commands) {
      if (this.#commands.has(command.id)) {
        throw new Error(`Command "${command.id}" is registered twice.`);
      }
      this.#commands.set(command.id, command);
      for (const binding of command.keybindings ?? []) {
        parseKeybinding(binding);
        const other = bound.get(binding);
        if (other && !(other.when && command.when)) {
          throw new Error(
            `Keybinding "${binding}" is taken by "${other.id}"; "${command.id}" needs another or a "when".`,
          );
        }
        bound.set(binding, command);
      }
    }
  }

  all(): Command[] {
    return [...this.#commands.values()];
  }

  /** @throws Error for an unknown id: a menu must not show a command that does not exist. */
  get(id: string): Command {
    const command = this.#commands.get(id);
    if (!command) {
      throw new Error(`There is no command "${id}".`);
    }
    return command;
  }
}
