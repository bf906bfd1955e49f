import { parseKeybinding, strokeLabels } from '../commands/keybinding';
import { cn } from './cn';
import { isMac } from './platform';

/** A keybinding as keycaps. */
export function Kbd({ binding, className }: { binding: string; className?: string }) {
  const mac = isMac();
  return (
    <span className={cn('inline-flex shrink-0 items-center gap-1', className)}>
      {parseKeybinding(binding).map((stroke, index) => (
        <span key={index} className="inline-flex items-center gap-0.5">
          {strokeLabels(stroke, mac).map((label) => (
            <kbd
              key={label}
              className="min-w-4.5 rounded border border-line-strong bg-app px-1 text-center font-sans text-2xs leading-4 text-muted"
            >
              {label}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
