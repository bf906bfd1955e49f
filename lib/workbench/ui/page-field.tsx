import { useState } from 'react';

/** "Page [2] of 5": a page of a stack, taken with Enter, with the field's own arrows, or by leaving the field. */
export function PageField({
  page,
  pages,
  label = 'Page',
  onChoose,
}: {
  page: number;
  pages: number;
  /** For those who cannot see what it stands beside. */
  label?: string;
  onChoose: (page: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = (text: string) => {
    setTyped(null);
    const wanted = Number(text);
    if (Number.isInteger(wanted) && wanted >= 1 && wanted <= pages && wanted !== page) {
      onChoose(wanted);
    }
  };
  return (
    <span className="inline-flex items-center gap-1 text-2xs text-muted">
      Page
      <input
        type="number"
        min={1}
        max={pages}
        value={typed ?? page}
        aria-label={`${label}, 1 to ${pages}`}
        onChange={({ target, nativeEvent }) =>
          // The arrows of the field, and of the keyboard in it, mean the page they come to; typing may go on.
          nativeEvent instanceof InputEvent ? setTyped(target.value) : take(target.value)
        }
        onBlur={({ target }) => take(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            take(event.currentTarget.value);
          } else if (event.key === 'Escape' && typed !== null) {
            event.stopPropagation();
            setTyped(null);
          }
        }}
        className="h-6 w-12 rounded border border-line-strong bg-input px-1 text-center text-xs text-fg tabular-nums"
      />
      of {pages}
    </span>
  );
}
