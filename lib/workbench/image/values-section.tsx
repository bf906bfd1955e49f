import { Slider as Radix } from 'radix-ui';
import { useId, useState } from 'react';
import { Button } from '../ui/button';
import { Section } from './section';
import type { ValueWindowControl } from './use-value-window';
import { ValueHistogram } from './value-histogram';

const format = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(4)));

/** Window and level of an image with more than 8 bits a sample: which of its values are black and white. */
export function ValuesSection({ control: { values, window, chosen, choose } }: { control: ValueWindowControl }) {
  const { found, min, max, isWhole, note } = values;
  const [least, most] = [Math.min(min, found.low, window.low), Math.max(max, found.high, window.high)];
  const step = isWhole ? Math.max(1, Math.round((most - least) / 4096)) : (most - least) / 1024;
  const thumb =
    'block size-3.5 rounded-full border-2 border-accent bg-raised focus-visible:outline-2 focus-visible:outline-offset-1';
  return (
    <Section title="Values">
      <ValueHistogram values={values} window={window} />
      <Radix.Root
        className="relative flex h-5 touch-none items-center select-none"
        min={least}
        max={most}
        step={step}
        minStepsBetweenThumbs={1}
        value={[window.low, window.high]}
        onValueChange={([low, high]) => {
          if (low !== undefined && high !== undefined && low < high) {
            choose({ low, high });
          }
        }}
      >
        <Radix.Track className="relative h-1 flex-1 rounded-full bg-active">
          <Radix.Range className="absolute h-full rounded-full bg-accent" />
        </Radix.Track>
        <Radix.Thumb aria-label="Black" aria-valuetext={format(window.low)} className={thumb} />
        <Radix.Thumb aria-label="White" aria-valuetext={format(window.high)} className={thumb} />
      </Radix.Root>
      <div className="flex items-center justify-between gap-2">
        <ValueField
          label="Black"
          value={window.low}
          onChange={(low) => low < window.high && choose({ ...window, low })}
        />
        <ValueField
          label="White"
          value={window.high}
          onChange={(high) => high > window.low && choose({ ...window, high })}
        />
      </div>
      <p className="text-muted" role="status">
        {chosen
          ? `Chosen: ${format(window.low)} (black) to ${format(window.high)} (white). The next inspection looks at what is shown.`
          : (note ?? 'The values are shown as the file says.')}
      </p>
      <div className="flex gap-1.5">
        <Button size="sm" variant="secondary" disabled={!chosen} onClick={() => choose(null)}>
          Automatic
        </Button>
        <Button
          size="sm"
          variant="secondary"
          disabled={min >= max || (window.low === min && window.high === max)}
          onClick={() => choose({ low: min, high: max })}
        >
          All values
        </Button>
      </div>
    </Section>
  );
}

/** A number that is taken with Enter or when the field is left; Escape brings back the old one. */
function ValueField({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const id = useId();
  const take = () => {
    const wanted = Number(typed);
    if (typed !== null && typed.trim() !== '' && Number.isFinite(wanted)) {
      onChange(wanted);
    }
    setTyped(null);
  };
  return (
    <span className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-muted">
        {label}
      </label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={typed ?? String(Number(value.toPrecision(6)))}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            take();
          } else if (event.key === 'Escape' && typed !== null) {
            event.stopPropagation();
            setTyped(null);
          }
        }}
        className="h-6 w-18 rounded border border-line-strong bg-input px-1.5 text-right text-xs tabular-nums"
      />
    </span>
  );
}
