import { KeyDispatcher } from '@/lib/workbench/commands/dispatch';
import { ariaKeybinding, formatKeybinding, parseKeybinding } from '@/lib/workbench/commands/keybinding';
import { CommandRegistry, isEnabled, type Command, type CommandContext } from '@/lib/workbench/commands/registry';

const context: CommandContext = {
  typing: false,
  imageEditor: false,
  review: false,
  maskStage: false,
  chatOpen: true,
  answering: false,
  hasConversation: true,
  hasMessages: false,
  hasProblems: false,
  hasTabs: true,
  splitEditor: false,
  team: false,
  administrator: false,
  zen: false,
};

const command = (id: string, keybindings: string[], when?: Command['when']): Command => ({
  id,
  title: id,
  category: 'View',
  keybindings,
  run: () => undefined,
  ...(when ? { when } : {}),
});

type Keys = Partial<Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>>;
const press = (keys: Keys) =>
  ({
    key: '',
    code: '',
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...keys,
  }) as KeyboardEvent;

describe('parseKeybinding', () => {
  it('reads strokes and chords', () => {
    expect(parseKeybinding('mod+shift+p')).toEqual([{ mod: true, shift: true, alt: false, key: 'p' }]);
    expect(parseKeybinding('mod+k mod+s')).toHaveLength(2);
    expect(parseKeybinding('+')).toEqual([{ mod: false, shift: false, alt: false, key: '+' }]);
  });

  it.each(['mod+w', 'mod+t', 'mod+n', 'mod+shift+t', 'mod+k mod+w'])('refuses %s, which browsers keep', (binding) => {
    expect(() => parseKeybinding(binding)).toThrow('browsers keep');
  });

  it('refuses a stroke without a key', () => {
    expect(() => parseKeybinding('mod+shift')).toThrow('names no key');
  });
});

describe('formatKeybinding', () => {
  it('speaks the words of the platform', () => {
    expect(formatKeybinding('mod+shift+p', false)).toBe('Ctrl+Shift+P');
    expect(formatKeybinding('mod+shift+p', true)).toBe('⌘⇧P');
    expect(formatKeybinding('mod+k arrowright', false)).toBe('Ctrl+K →');
    expect(ariaKeybinding('mod+b', false)).toBe('Control+B');
    expect(ariaKeybinding('mod+k mod+s', false)).toBeUndefined();
  });
});

describe('KeyDispatcher', () => {
  const palette = command('palette', ['mod+shift+p', 'f1']);
  const shortcuts = command('shortcuts', ['mod+k mod+s']);
  const zoom = command('zoom', ['+'], ({ imageEditor }) => imageEditor);
  const make = (mac = false) => new KeyDispatcher([palette, shortcuts, zoom], mac);

  it('runs a single stroke, whatever case Shift makes of the letter', () => {
    const outcome = make().handle(press({ key: 'P', code: 'KeyP', ctrlKey: true, shiftKey: true }), context);
    expect(outcome).toEqual({ kind: 'run', command: palette });
  });

  it('takes Command on a Mac and Ctrl elsewhere, not the other', () => {
    const keys = { key: 'p', code: 'KeyP', shiftKey: true };
    expect(make(true).handle(press({ ...keys, metaKey: true }), context).kind).toBe('run');
    expect(make(true).handle(press({ ...keys, ctrlKey: true }), context).kind).toBe('none');
    expect(make(false).handle(press({ ...keys, metaKey: true }), context).kind).toBe('none');
  });

  it('waits for the second stroke of a chord and forgets a wrong one', () => {
    const dispatcher = make();
    const k = press({ key: 'k', code: 'KeyK', ctrlKey: true });
    expect(dispatcher.handle(k, context).kind).toBe('chord');
    expect(dispatcher.handle(press({ key: 'Control' }), context).kind).toBe('none');
    expect(dispatcher.handle(press({ key: 's', code: 'KeyS', ctrlKey: true }), context)).toEqual({
      kind: 'run',
      command: shortcuts,
    });
    dispatcher.handle(k, context);
    expect(dispatcher.handle(press({ key: 'x', code: 'KeyX' }), context).kind).toBe('miss');
    expect(dispatcher.handle(press({ key: 's', code: 'KeyS', ctrlKey: true }), context).kind).toBe('none');
  });

  it('leaves bare keys alone while text is typed, and where their command is off', () => {
    const plus = press({ key: '+', code: 'BracketRight' });
    expect(make().handle(plus, { ...context, imageEditor: true }).kind).toBe('run');
    expect(make().handle(plus, { ...context, imageEditor: true, typing: true }).kind).toBe('none');
    expect(make().handle(plus, context).kind).toBe('none');
  });
});

describe('CommandRegistry', () => {
  it('refuses an id or binding that is taken', () => {
    expect(() => new CommandRegistry([command('a', []), command('a', [])])).toThrow('registered twice');
    expect(() => new CommandRegistry([command('a', ['f8']), command('b', ['f8'])])).toThrow('taken by "a"');
  });

  it('lets two commands share a binding that their conditions tell apart', () => {
    const registry = new CommandRegistry([
      command('a', ['f8'], ({ imageEditor }) => imageEditor),
      command('b', ['f8'], ({ imageEditor }) => !imageEditor),
    ]);
    expect(isEnabled(registry.get('a'), context)).toBe(false);
    expect(isEnabled(registry.get('b'), context)).toBe(true);
  });

  it('knows no command that was not registered', () => {
    expect(() => new CommandRegistry([]).get('x')).toThrow('There is no command "x"');
  });
});
