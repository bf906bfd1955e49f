import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** An empty state that says what belongs here and how it gets here. */
export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-6 text-center text-muted">
      <Icon className="size-7 opacity-60" aria-hidden strokeWidth={1.5} />
      <p className="font-medium text-fg">{title}</p>
      <div className="max-w-72 text-xs leading-5">{children}</div>
    </div>
  );
}
