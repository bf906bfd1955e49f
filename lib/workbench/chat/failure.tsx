import { RotateCw, TriangleAlert } from 'lucide-react';
import { Button } from '../ui/button';

/** What went wrong, in the server's own sentence, and the way to try again. */
export function Failure({
  message,
  onRetry,
  retryLabel = 'Try again',
}: {
  message: string;
  onRetry: () => void;
  retryLabel?: string;
}) {
  return (
    <div
      role="alert"
      className="my-2 flex items-start gap-2 rounded-lg border border-high/50 bg-high-soft p-2.5 text-high"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <p className="flex-1">{message}</p>
      <Button size="sm" variant="secondary" onClick={onRetry}>
        <RotateCw />
        {retryLabel}
      </Button>
    </div>
  );
}
