'use client';

import { useState } from 'react';
import { useCommands } from '../commands/commands-context';
import { formatKeybinding } from '../commands/keybinding';
import { commandLabel } from '../commands/registry';
import { Kbd } from '../ui/kbd';
import { isMac } from '../ui/platform';

/** Every command with its keybindings, searchable by words or by keys ("ctrl+k"). */
export function ShortcutSheet() {
  const { registry } = useCommands();
  const [query, setQuery] = useState('');
  const mac = isMac();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = registry
    .all()
    .map((command) => ({
      command,
      haystack: [
        commandLabel(command),
        command.keywords,
        ...(command.keybindings ?? []).map((binding) => formatKeybinding(binding, mac)),
      ]
        .join(' ')
        .toLowerCase(),
    }))
    .filter(({ haystack }) => words.every((word) => haystack.includes(word)))
    .sort((a, b) => Number(Boolean(b.command.keybindings)) - Number(Boolean(a.command.keybindings)));
  return (
    <div className="flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-8 py-6">
        <h2 className="text-xl font-semibold text-strong">Keyboard shortcuts</h2>
        <input
          type="search"
          autoFocus
          aria-label="Search shortcuts"
          placeholder="Search by name or keys"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="mt-3 h-8 w-full rounded-md border border-line-strong bg-input px-3 placeholder:text-muted"
        />
        <p role="status" className="mt-2 text-2xs text-muted">
          {rows.length} of {registry.all().length} commands
        </p>
        <table className="mt-2 w-full text-left">
          <thead className="text-2xs text-muted">
            <tr className="border-b border-line">
              <th className="py-1.5 font-medium">Command</th>
              <th className="py-1.5 font-medium">Keys</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ command }) => (
              <tr key={command.id} className="border-b border-line hover:bg-hover">
                <td className="py-1.5 pr-4">{commandLabel(command)}</td>
                <td className="py-1.5">
                  <span className="flex flex-wrap gap-3">
                    {(command.keybindings ?? []).map((binding) => (
                      <Kbd key={binding} binding={binding} />
                    ))}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
