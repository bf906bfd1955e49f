import { Tooltip as Radix } from 'radix-ui';
import { createStore, useStore } from '../state/create-store';
import { Kbd } from './kbd';
import type { TooltipProps } from './tooltip';

const DELAY_MS = 500;
/** How long after one label the next appears without a delay. */
const WARM_MS = 200;

/** A label is shown, or was a moment ago. */
const warm = createStore(false);
let cooling: ReturnType<typeof setTimeout> | undefined;

function onOpenChange(open: boolean): void {
  clearTimeout(cooling);
  if (open) {
    warm.set(true);
  } else {
    cooling = setTimeout(() => warm.set(false), WARM_MS);
  }
}

export function Tooltip({ label, keybinding, side = 'bottom', children }: TooltipProps) {
  const delayDuration = useStore(warm, (isWarm) => (isWarm ? 0 : DELAY_MS));
  return (
    <Radix.Provider delayDuration={delayDuration}>
      <Radix.Root onOpenChange={onOpenChange}>
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
    </Radix.Provider>
  );
}
