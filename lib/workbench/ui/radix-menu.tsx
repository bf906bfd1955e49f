import { ContextMenu as RadixContext, DropdownMenu as Radix } from 'radix-ui';
import { Check } from 'lucide-react';
import type { ContextMenuProps, MenuEntry, MenuProps } from './menu';
import { Kbd } from './kbd';

const CONTENT =
  'animate-rise z-50 max-h-[70vh] min-w-52 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 text-fg shadow-(--shadow)';
const ITEM =
  'flex h-7 items-center gap-2 rounded px-2 text-ui outline-none select-none data-disabled:opacity-45 data-highlighted:bg-accent data-highlighted:text-on-accent [&_svg]:size-4 [&_svg]:shrink-0';

function Inner({ entry }: { entry: MenuEntry }) {
  return (
    <>
      {entry.icon ??
        (entry.checked === undefined ? null : <Check className={entry.checked ? '' : 'invisible'} aria-hidden />)}
      <span className="mr-6 flex-1 truncate">{entry.label}</span>
      {entry.keybinding ? <Kbd binding={entry.keybinding} /> : null}
    </>
  );
}

/** A menu that drops from `children`. */
export function Menu({ entries, children, align = 'end', side = 'bottom' }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={CONTENT} align={align} side={side} sideOffset={4} collisionPadding={6}>
          {entries.map((entry) => (
            <div key={entry.id} role="presentation">
              {entry.separator ? <Radix.Separator className="mx-1 my-1 h-px bg-line" /> : null}
              {entry.checked === undefined ? (
                <Radix.Item className={ITEM} disabled={entry.disabled ?? false} onSelect={entry.onSelect}>
                  <Inner entry={entry} />
                </Radix.Item>
              ) : (
                <Radix.CheckboxItem
                  className={ITEM}
                  checked={entry.checked}
                  disabled={entry.disabled ?? false}
                  onSelect={entry.onSelect}
                >
                  <Inner entry={entry} />
                </Radix.CheckboxItem>
              )}
            </div>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The menu of a right click (or the menu key) on `children`. */
export function ContextMenu({ entries, children }: ContextMenuProps) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className={CONTENT} collisionPadding={6}>
          {entries.map((entry) => (
            <div key={entry.id} role="presentation">
              {entry.separator ? <RadixContext.Separator className="mx-1 my-1 h-px bg-line" /> : null}
              <RadixContext.Item className={ITEM} disabled={entry.disabled ?? false} onSelect={entry.onSelect}>
                <Inner entry={entry} />
              </RadixContext.Item>
            </div>
          ))}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}
