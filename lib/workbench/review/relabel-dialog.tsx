'use client';

import { useState } from 'react';
import type { Label } from '@/lib/datasets/contract';
import { Dialog } from '../ui/dialog';

export type Relabelling = { label: Label; defectType: string | null };

/**
 * Chooses another label: a digit typed first picks a line, letters search or name a new type, Enter takes the first
 * line.
 */
export function RelabelDialog({
  types,
  onChoose,
  onClose,
}: {
  /** Defect types that the set knows. */
  types: readonly string[];
  onChoose: (choice: Relabelling) => void;
  onClose: () => void;
}) {
  const [query, setQuery] = useState('');
  const words = query.trim().toLowerCase();
  const known = types.filter((type) => type.toLowerCase().includes(words));
  const choices: { name: string; choice: Relabelling }[] = [
    ...(words === '' || 'normal'.includes(words)
      ? [{ name: 'Normal', choice: { label: 'normal' as const, defectType: null } }]
      : []),
    ...known.map((type) => ({ name: `Anomalous: ${type}`, choice: { label: 'anomalous' as const, defectType: type } })),
    ...(words !== '' && !known.some((type) => type.toLowerCase() === words)
      ? [
          {
            name: `Anomalous: ${query.trim()} (new type)`,
            choice: { label: 'anomalous' as const, defectType: query.trim() },
          },
        ]
      : []),
    ...(words === ''
      ? [{ name: 'Anomalous, no type', choice: { label: 'anomalous' as const, defectType: null } }]
      : []),
  ].slice(0, 9);
  const pick = (index: number) => {
    const chosen = choices[index];
    if (chosen) {
      onChoose(chosen.choice);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Relabel" className="w-[min(94vw,26rem)]">
      <div className="p-3">
        <input
          dir="auto"
          autoFocus
          aria-label="Label or defect type"
          placeholder="Label or defect type; 1 to 9 choose"
          maxLength={120}
          value={query}
          className="h-8 w-full rounded-md border border-line-strong bg-input px-2"
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              pick(0);
            } else if (query === '' && /^[1-9]$/.test(event.key)) {
              event.preventDefault();
              pick(Number(event.key) - 1);
            }
          }}
        />
        <ol className="mt-2">
          {choices.map(({ name, choice }, index) => (
            <li key={name}>
              <button
                type="button"
                className="flex h-7 w-full items-center gap-2 rounded px-2 text-left hover:bg-hover"
                onClick={() => onChoose(choice)}
              >
                <kbd className="w-5 rounded border border-line-strong bg-app text-center font-sans text-2xs text-muted">
                  {index + 1}
                </kbd>
                <span dir="auto" className="truncate">
                  {name}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </div>
    </Dialog>
  );
}
