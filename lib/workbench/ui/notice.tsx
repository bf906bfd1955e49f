import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** A remark of the product beside what a model wrote; `children` is what can be done about it. */
export function Notice({ icon: Icon, text, children }: { icon: LucideIcon; text: string; children?: ReactNode }) {
  return (
    <div
      role="note"
      className="my-2 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-mid/40 bg-mid-soft px-3 py-2"
    >
      <p className="flex min-w-0 flex-1 basis-60 items-start gap-2">
        <Icon className="mt-0.5 size-4 shrink-0 text-mid" aria-hidden />
        <span>{text}</span>
      </p>
      {children}
    </div>
  );
}
