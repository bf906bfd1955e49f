import type { ReactNode } from 'react';

const WIDTH = 320;
const HEIGHT = 220;
const LEFT = 40;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 36;

/** The plot area in SVG units. */
export const PLOT = { left: LEFT, top: TOP, width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };

export const plotX = (share: number): number => PLOT.left + share * PLOT.width;
export const plotY = (share: number): number => PLOT.top + (1 - share) * PLOT.height;

/**
 * Axes, grid and labels of a chart whose content is drawn in the unit square; `description` is what a screen reader
 * says.
 */
export function ChartFrame({
  title,
  description,
  xLabel,
  yLabel,
  xMax,
  yMax,
  children,
}: {
  title: string;
  description: string;
  xLabel: string;
  yLabel: string;
  xMax: number;
  yMax: number;
  children: ReactNode;
}) {
  const ticks = [0, 0.5, 1];
  return (
    <figure className="w-74 max-w-full">
      <figcaption className="mb-1 text-xs font-medium text-strong">{title}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title}. ${description}`}
        className="w-full fill-muted text-[10px]"
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={PLOT.left} x2={WIDTH - RIGHT} y1={plotY(tick)} y2={plotY(tick)} stroke="var(--line)" />
            <text x={PLOT.left - 4} y={plotY(tick) + 3} textAnchor="end">
              {(tick * yMax).toFixed(2)}
            </text>
            <text x={plotX(tick)} y={HEIGHT - 22} textAnchor={tick === 1 ? 'end' : 'middle'}>
              {(tick * xMax).toFixed(2)}
            </text>
          </g>
        ))}
        {children}
        <text x={plotX(0.5)} y={HEIGHT - 6} textAnchor="middle">
          {xLabel}
        </text>
        <text x="10" y={plotY(0.5)} textAnchor="middle" transform={`rotate(-90 10 ${plotY(0.5)})`}>
          {yLabel}
        </text>
      </svg>
    </figure>
  );
}
