import { type Mask, createMask } from './mask';

export type Point = { x: number; y: number };
/** A closed ring; the last point joins the first. Coordinates are pixel corners, (0, 0) the image's top left. */
export type Polygon = Point[];

/** Directions along pixel edges, clockwise: right, down, left, up. */
const STEPS = [
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
  { x: 0, y: -1 },
] as const;

const isSet = ({ width, height, data }: Mask, x: number, y: number) =>
  x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;

/** The pixel on the right-hand (inner) side of the edge that leaves corner (x, y) in a direction. */
const INNER = [
  { x: 0, y: 0 },
  { x: -1, y: 0 },
  { x: -1, y: -1 },
  { x: 0, y: -1 },
] as const;

/** True when the edge leaving corner (x, y) in `direction` has the mask on its right and none on its left. */
function isBoundary(mask: Mask, x: number, y: number, direction: number): boolean {
  const inner = INNER[direction % 4] ?? INNER[0];
  const outer = INNER[(direction + 3) % 4] ?? INNER[0];
  return isSet(mask, x + inner.x, y + inner.y) && !isSet(mask, x + outer.x, y + outer.y);
}

/**
 * The mask's outlines along pixel edges: outer rings clockwise (as seen, y down), holes anticlockwise. Filling them by
 * the even-odd rule gives the mask back exactly. Pixels that touch only at a corner get rings of their own.
 */
export function maskToPolygons(mask: Mask): Polygon[] {
  const corners = mask.width + 1;
  const visited = new Uint8Array(corners * (mask.height + 1) * 4);
  const polygons: Polygon[] = [];
  for (let y = 0; y <= mask.height; y += 1) {
    for (let x = 0; x <= mask.width; x += 1) {
      // Every ring has a corner from which it runs to the right or, for holes, to the left; starting at those finds
      // all.
      for (const direction of [0, 2]) {
        if (visited[(y * corners + x) * 4 + direction] === 0 && isBoundary(mask, x, y, direction)) {
          polygons.push(traceRing(mask, x, y, direction, visited));
        }
      }
    }
  }
  return polygons;
}

function traceRing(mask: Mask, startX: number, startY: number, startDirection: number, visited: Uint8Array): Polygon {
  const corners = mask.width + 1;
  const ring: Polygon = [];
  let [x, y, direction] = [startX, startY, startDirection];
  let previous = -1;
  while (visited[(y * corners + x) * 4 + direction] === 0) {
    visited[(y * corners + x) * 4 + direction] = 1;
    if (direction !== previous) {
      ring.push({ x, y });
    }
    previous = direction;
    const step = STEPS[direction % 4] ?? STEPS[0];
    x += step.x;
    y += step.y;
    // Turning right first keeps corner-touching pixels apart.
    const turns = [(direction + 1) % 4, direction, (direction + 3) % 4];
    direction = turns.find((turn) => isBoundary(mask, x, y, turn)) ?? direction;
  }
  if (previous === startDirection && ring.length > 1) {
    ring.shift();
  }
  return ring;
}

/**
 * Fills polygons by the even-odd rule: a pixel is set when its centre lies inside an odd number of rings.
 * @throws RangeError for coordinates that are no finite numbers
 */
export function polygonsToMask(polygons: readonly Polygon[], width: number, height: number): Mask {
  const mask = createMask(width, height);
  const edges = polygons.flatMap((ring) => ring.map((from, i) => ({ from, to: ring[(i + 1) % ring.length] ?? from })));
  if (edges.some(({ from }) => !Number.isFinite(from.x) || !Number.isFinite(from.y))) {
    throw new RangeError('A polygon has a coordinate that is not a finite number.');
  }
  const crossings: number[][] = Array.from({ length: height }, () => []);
  for (const { from, to } of edges) {
    const [upper, lower] = from.y < to.y ? [from, to] : [to, from];
    const first = Math.max(0, Math.ceil(upper.y - 0.5));
    const end = Math.min(height, Math.ceil(lower.y - 0.5));
    for (let y = first; y < end; y += 1) {
      crossings[y]?.push(upper.x + ((y + 0.5 - upper.y) * (lower.x - upper.x)) / (lower.y - upper.y));
    }
  }
  crossings.forEach((xs, y) => {
    xs.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const from = Math.max(0, Math.ceil((xs[i] ?? 0) - 0.5));
      const to = Math.min(width, Math.ceil((xs[i + 1] ?? 0) - 0.5));
      if (to > from) {
        mask.data.fill(1, y * width + from, y * width + to);
      }
    }
  });
  return mask;
}

/** The signed area of a ring in square pixels: positive when clockwise as seen (y down). */
export function polygonArea(ring: Polygon): number {
  return (
    ring.reduce((sum, point, i) => {
      const next = ring[(i + 1) % ring.length] ?? point;
      return sum + point.x * next.y - next.x * point.y;
    }, 0) / 2
  );
}
