import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './kbd';

export const TooltipProvider = Radix.Provider;

/** A label on hover and focus, with the keybinding beside it. The trigger keeps its own accessible name. */
export function Tooltip({
  label,
  keybinding,
  side = 'bottom',
  children,
}: {
  label: string;
  keybinding?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={6}
          className="animate-rise z-50 flex max-w-72 items-center gap-2 rounded-md border border-line-strong bg-raised px-2 py-1 text-xs text-fg shadow-(--shadow)"
        >
          {label}
          {keybinding ? <Kbd binding={keybinding} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
