import type { ReactNode } from 'react';

/** The title line of a side-bar view, with its actions. */
export function SideHeader({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="flex h-9 shrink-0 items-center gap-0.5 pr-2 pl-4">
      <h2 className="flex-1 truncate text-2xs font-semibold tracking-wider text-muted uppercase">{title}</h2>
      {children}
    </header>
  );
}
