import type { Point } from '@/lib/segmentation/polygon';
import type { Viewport } from '../image/viewport';

/**
 * What a tool has begun but not yet put into the mask: the polygon's corners, the clicks, and the brush under the
 * pointer.
 */
export function DrawingOverlay({
  view,
  corners,
  clicks,
  pointer,
  radius,
}: {
  view: Viewport;
  corners: readonly Point[];
  clicks: readonly { x: number; y: number; positive: boolean }[];
  /** Where the brush is, on the stage; null: no brush in hand. */
  pointer: Point | null;
  radius: number;
}) {
  const place = ({ x, y }: Point) => ({ x: view.x + x * view.scale, y: view.y + y * view.scale });
  const ring = [...corners.map(place), ...(pointer && corners.length > 0 ? [pointer] : [])];
  return (
    <svg aria-hidden className="pointer-events-none absolute inset-0 size-full">
      {ring.length > 0 ? (
        <>
          <polyline
            points={ring.map(({ x, y }) => `${x},${y}`).join(' ')}
            className="fill-[rgb(255_45_135/0.2)] stroke-black"
            strokeWidth={3}
          />
          <polyline
            points={ring.map(({ x, y }) => `${x},${y}`).join(' ')}
            className="fill-none stroke-white"
            strokeWidth={1.5}
          />
          {corners.map(place).map(({ x, y }, index) => (
            <rect key={index} x={x - 3} y={y - 3} width={6} height={6} className="fill-white stroke-black" />
          ))}
        </>
      ) : null}
      {clicks.map((click, index) => {
        const { x, y } = place({ x: click.x + 0.5, y: click.y + 0.5 });
        return (
          <g key={index}>
            <circle
              cx={x}
              cy={y}
              r={6}
              className={click.positive ? 'fill-[#0b8a5e] stroke-white' : 'fill-[#b3261e] stroke-white'}
              strokeWidth={1.5}
            />
            <path
              d={click.positive ? `M${x - 3} ${y}h6M${x} ${y - 3}v6` : `M${x - 3} ${y}h6`}
              className="stroke-white"
              strokeWidth={1.5}
            />
          </g>
        );
      })}
      {pointer && corners.length === 0 && radius > 0 ? (
        <>
          <circle
            cx={pointer.x}
            cy={pointer.y}
            r={Math.max(1, radius * view.scale)}
            className="fill-none stroke-black"
            strokeWidth={2.5}
          />
          <circle
            cx={pointer.x}
            cy={pointer.y}
            r={Math.max(1, radius * view.scale)}
            className="fill-none stroke-white"
          />
        </>
      ) : null}
    </svg>
  );
}
