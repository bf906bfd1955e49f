'use client';

import { ScanEye } from 'lucide-react';
import { useCommands } from '../commands/commands-context';
import { Kbd } from '../ui/kbd';

const HINTS = ['view.commandPalette', 'go.quickOpen', 'file.attach', 'view.problems'];

/** An empty editor group: the commands one would want next. */
export function Watermark() {
  const commands = useCommands();
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-6 p-6">
      <ScanEye className="size-20 text-line-strong opacity-60" strokeWidth={1} aria-hidden />
      <dl className="grid grid-cols-[auto_auto] items-center gap-x-4 gap-y-2 text-ui">
        {HINTS.map((id) => {
          const command = commands.registry.get(id);
          return (
            <div key={id} className="contents">
              <dt className="text-right text-muted">{command.title}</dt>
              <dd>{command.keybindings?.[0] ? <Kbd binding={command.keybindings[0]} /> : null}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
