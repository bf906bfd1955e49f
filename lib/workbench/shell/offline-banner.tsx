import { Unplug } from 'lucide-react';
import { OFFLINE_MESSAGE } from '../client/api';

/** Shown while the server does not answer. Drafts are kept in this browser, a running answer is joined again. */
export function OfflineBanner() {
  return (
    <div
      role="alert"
      className="flex shrink-0 items-center justify-center gap-2 border-b border-high/40 bg-high-soft px-3 py-1 text-xs text-high"
    >
      <Unplug className="size-3.5 shrink-0" aria-hidden />
      {OFFLINE_MESSAGE}
    </div>
  );
}
