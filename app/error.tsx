'use client';

import { AccountFrame } from '@/lib/workbench/accounts/account-frame';
import { Button } from '@/lib/workbench/ui/button';

/**
 * A page that failed. The log has a line with the same reference (instrumentation.ts); what went wrong is said there
 * alone.
 */
export default function PageFailed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <AccountFrame nonce={undefined} title="This page could not be shown">
      <p>
        Something went wrong on the server. Try again; if it stays, look into its log
        {error.digest === undefined ? '' : ' for this reference'}.
      </p>
      {error.digest === undefined ? null : (
        <p className="mt-3">
          <code className="rounded bg-hover px-2 py-1 font-mono text-xs text-strong">{error.digest}</code>
        </p>
      )}
      <Button className="mt-5" onClick={reset}>
        Try again
      </Button>
    </AccountFrame>
  );
}
