import { limits } from '@/lib/contract/limits';
import { cn } from './cn';

/** A search field whose label is also what an empty one shows. */
export function SearchField({
  label,
  value,
  onChange,
  className,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}) {
  return (
    <input
      type="search"
      dir="auto"
      aria-label={label}
      placeholder={label}
      value={value}
      maxLength={limits.queryLength}
      onChange={(event) => onChange(event.target.value)}
      className={cn(
        'h-7.5 w-full rounded-md border border-line-strong bg-input px-2 placeholder:text-muted',
        className,
      )}
    />
  );
}
