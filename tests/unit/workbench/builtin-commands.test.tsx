import { createCommands } from '@/lib/workbench/commands/builtin';
import { MENUS } from '@/lib/workbench/commands/menus';
import { CommandRegistry } from '@/lib/workbench/commands/registry';

const registry = new CommandRegistry(createCommands({ setTheme: () => undefined, cycleTheme: () => undefined }));

it('registers every command without a clash or a reserved key', () => {
  expect(registry.all().length).toBeGreaterThan(40);
});

it('fills every menu with commands that exist', () => {
  for (const { items } of MENUS) {
    for (const id of items) {
      if (id !== null) {
        expect(registry.get(id).title).toBeTruthy();
      }
    }
  }
});

it.each([
  ['view.commandPalette', 'mod+shift+p'],
  ['view.commandPalette', 'f1'],
  ['go.quickOpen', 'mod+p'],
  ['view.toggleSideBar', 'mod+b'],
  ['view.togglePanel', 'mod+j'],
  ['view.problems', 'mod+shift+m'],
  ['go.nextProblem', 'f8'],
  ['go.nextPart', 'f6'],
  ['go.group1', 'mod+1'],
  ['preferences.shortcuts', 'mod+k mod+s'],
])('%s keeps the habit %s', (id, binding) => {
  expect(registry.get(id).keybindings).toContain(binding);
});
