import { Unlink } from 'lucide-react';

/** The same words for a link that never was, has expired, was revoked, or whose conversation is gone. */
export function DeadLink() {
  return (
    <main className="grid flex-1 place-items-center py-10">
      <div className="max-w-80 space-y-2 text-center">
        <Unlink className="mx-auto size-8 text-muted" strokeWidth={1.5} aria-hidden />
        <h1 className="text-base font-semibold text-strong">This link does not work</h1>
        <p className="text-xs leading-5 text-muted">
          It may have expired or been taken back, or a part of the address is missing. Ask who sent it for a new one.
        </p>
      </div>
    </main>
  );
}
