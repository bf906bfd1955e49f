import type { ComponentProps } from 'react';
import { cn } from './cn';

/** The browser's own select, dressed: right on every device and for every reader. */
export function Select<T extends string>({
  value,
  onChange,
  options,
  className,
  ...props
}: Omit<ComponentProps<'select'>, 'value' | 'onChange'> & {
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
}) {
  return (
    <select
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen) {
          onChange(chosen.value);
        }
      }}
      className={cn('h-7 rounded-md border border-line-strong bg-input px-1.5 text-xs text-fg', className)}
      {...props}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
