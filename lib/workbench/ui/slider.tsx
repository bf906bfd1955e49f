import { Slider as Radix } from 'radix-ui';

/** A labelled slider over 0..1 (or `max`), shown in percent unless `format` says otherwise. */
export function Slider({
  label,
  value,
  onChange,
  max = 1,
  step = 0.01,
  format = (shown) => `${Math.round(shown * 100)} %`,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
  max?: number;
  step?: number;
  format?: (value: number) => string;
}) {
  return (
    <div className="flex items-center gap-2">
      <span className="w-16 shrink-0 text-xs text-muted">{label}</span>
      <Radix.Root
        className="relative flex h-5 min-w-16 flex-1 touch-none items-center select-none"
        min={0}
        max={max}
        step={step}
        value={[value]}
        onValueChange={([next]) => next !== undefined && onChange(next)}
      >
        <Radix.Track className="relative h-1 flex-1 rounded-full bg-active">
          <Radix.Range className="absolute h-full rounded-full bg-accent" />
        </Radix.Track>
        <Radix.Thumb
          aria-label={label}
          aria-valuetext={format(value)}
          className="block size-3.5 rounded-full border-2 border-accent bg-raised focus-visible:outline-2 focus-visible:outline-offset-1"
        />
      </Radix.Root>
      <span className="w-10 shrink-0 text-right text-xs text-muted tabular-nums">{format(value)}</span>
    </div>
  );
}
