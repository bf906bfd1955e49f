import type { MaskOutline } from '@/lib/segmentation/mask-outline';

const COLOUR = '#ff2d87';

/**
 * A mask as a vector drawing over its image, sharp at any zoom. `fit`: how the image lies in the box that the drawing
 * covers.
 */
export function MaskDrawing({ outline, fit }: { outline: MaskOutline; fit: 'fill' | 'contain' }) {
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${outline.width} ${outline.height}`}
      preserveAspectRatio={fit === 'fill' ? 'none' : 'xMidYMid meet'}
      className="absolute inset-0 size-full"
    >
      <path
        d={outline.path}
        fillRule="evenodd"
        fill={COLOUR}
        fillOpacity={0.38}
        stroke={COLOUR}
        strokeWidth={1.5}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
