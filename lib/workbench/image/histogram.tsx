import type { Heatmap } from './heatmap';
import { paletteGradient, type Palette } from './palette';

/**
 * How often each anomaly value occurs (square-rooted heights), the palette below it, values under the threshold dimmed.
 */
export function Histogram({ heatmap, palette, threshold }: { heatmap: Heatmap; palette: Palette; threshold: number }) {
  const bins = [...heatmap.histogram];
  const top = Math.max(1, ...bins);
  const above = bins.slice(Math.round(threshold * bins.length)).reduce((sum, count) => sum + count, 0);
  const share = (above / heatmap.values.length) * 100;
  return (
    <figure className="space-y-1">
      <svg
        viewBox={`0 0 ${bins.length} 24`}
        preserveAspectRatio="none"
        className="h-10 w-full"
        role="img"
        aria-label={`Histogram of the anomaly map; ${share.toFixed(1)} % of the image lies at or above the threshold`}
      >
        {bins.map((count, index) => {
          const height = Math.sqrt(count / top) * 24;
          return (
            <rect
              key={index}
              x={index}
              y={24 - height}
              width={0.9}
              height={height}
              className={index / bins.length < threshold ? 'fill-line-strong' : 'fill-accent'}
            />
          );
        })}
      </svg>
      <div className="h-1.5 rounded-full" style={{ background: paletteGradient(palette) }} />
      {threshold > 0 ? (
        <figcaption className="text-2xs text-muted">
          {share.toFixed(1)} % of the image at or above the threshold
        </figcaption>
      ) : null}
    </figure>
  );
}
