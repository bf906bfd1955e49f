import type { ReactNode } from 'react';

/** A titled part of the pane beside a picture. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-b border-line px-3 py-2.5">
      <h3 className="mb-2 text-2xs font-semibold tracking-wide text-muted uppercase">{title}</h3>
      <div className="space-y-2">{children}</div>
    </section>
  );
}
