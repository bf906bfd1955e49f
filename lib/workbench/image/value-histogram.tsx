import type { ImageValues, ValueWindow } from '@/lib/contract';

/**
 * How often each value occurs (square-rooted heights) over the whole extent; what lies outside of the window is dimmed.
 */
export function ValueHistogram({
  values,
  window,
}: {
  values: NonNullable<ImageValues['values']>;
  window: ValueWindow;
}) {
  const { histogram, min, max } = values;
  const top = Math.max(1, ...histogram);
  const middle = (bin: number) => min + ((bin + 0.5) / histogram.length) * (max - min);
  const total = Math.max(
    1,
    histogram.reduce((sum, count) => sum + count, 0),
  );
  const isShown = (bin: number) => middle(bin) >= window.low && middle(bin) <= window.high;
  const share = histogram.reduce((sum, count, bin) => sum + (isShown(bin) ? count : 0), 0) / total;
  return (
    <svg
      viewBox={`0 0 ${histogram.length} 24`}
      preserveAspectRatio="none"
      className="h-10 w-full"
      role="img"
      aria-label={`Histogram of the values; ${Math.round(share * 100)} % lie between black and white`}
    >
      {histogram.map((count, bin) => {
        const height = Math.sqrt(count / top) * 24;
        return (
          <rect
            key={bin}
            x={bin}
            y={24 - height}
            width={0.9}
            height={height}
            className={isShown(bin) ? 'fill-accent' : 'fill-line-strong'}
          />
        );
      })}
    </svg>
  );
}
