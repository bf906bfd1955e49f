import type { StatusPart } from '@/lib/contract';

/** A stage in words. */
export function statusText(status: StatusPart | null): string {
  const counted = status?.total ? ` ${Math.min(status.done ?? 0, status.total)} of ${status.total}` : '';
  switch (status?.stage) {
    case undefined:
      return 'Sending…';
    case 'queued':
      return status.position ? `Waiting in the queue, position ${status.position}` : 'Next in the queue';
    case 'images':
      return `Looking at the images:${counted}`;
    case 'comparing':
      return `Comparing them with each other:${counted}`;
    case 'decoding':
      return 'Reading the image';
    case 'looking':
      return counted ? `Looking at the image: tile${counted}` : 'Looking at the image';
    case 'prefill':
      return counted ? `Thinking it over: token${counted}` : 'Thinking it over';
    case 'writing':
      return 'Writing';
  }
}

/** What the server does until the first word comes: stage, queue position, tiles done of total. */
export function Progress({ status }: { status: StatusPart | null }) {
  const fraction = status?.total ? Math.min(1, (status.done ?? 0) / status.total) : null;
  return (
    <div className="animate-rise my-2 max-w-80" data-progress={status?.stage ?? 'sending'}>
      <p className="text-xs text-muted">{statusText(status)}</p>
      <div
        role="progressbar"
        aria-label={statusText(status)}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(fraction === null ? {} : { 'aria-valuenow': Math.round(fraction * 100) })}
        className="mt-1.5 h-1 overflow-hidden rounded-full bg-active"
      >
        <div
          className={
            fraction === null
              ? 'h-full w-1/3 animate-pulse rounded-full bg-accent'
              : 'h-full rounded-full bg-accent transition-[width]'
          }
          style={fraction === null ? undefined : { width: `${fraction * 100}%` }}
        />
      </div>
    </div>
  );
}
