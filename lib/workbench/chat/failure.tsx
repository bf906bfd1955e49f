import { RotateCw, TriangleAlert } from 'lucide-react';
import { Button } from '../ui/button';

/** What went wrong, in the server's own sentence, and the way to try again. */
export function Failure({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="my-2 flex items-start gap-2 rounded-lg border border-high/50 bg-high-soft p-2.5 text-high"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <p className="flex-1">{message}</p>
      <Button size="sm" variant="secondary" onClick={onRetry}>
        <RotateCw />
        Try again
      </Button>
    </div>
  );
}
