import type { Component } from './components';
import { type Point, type Polygon, polygonArea } from './polygon';

/** The smallest rectangle, at any angle, around points. `length` >= `width`, px; `angle` of the length, radians. */
export type MinAreaRect = { centre: Point; length: number; width: number; angle: number };

const cross = (o: Point, a: Point, b: Point) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);

/** The convex hull (Andrew's monotone chain), clockwise as seen (y down), without collinear points. */
export function convexHull(points: readonly Point[]): Polygon {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const chain = (ordered: Point[]) => {
    const half: Point[] = [];
    for (const point of ordered) {
      for (let last = half.at(-1), before = half.at(-2); last && before; last = half.at(-1), before = half.at(-2)) {
        if (cross(before, last, point) > 0) {
          break;
        }
        half.pop();
      }
      half.push(point);
    }
    return half.slice(0, -1);
  };
  const hull = [...chain(sorted), ...chain(sorted.reverse())];
  return hull.length > 0 ? hull : points.slice(0, 1);
}

/** The corners of a component's pixels that can lie on its hull: the outer corners of each run. */
export function outerCorners({ runs }: Component): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < runs.length; i += 3) {
    const [y = 0, x0 = 0, x1 = 0] = runs.subarray(i, i + 3);
    points.push({ x: x0, y }, { x: x1, y }, { x: x0, y: y + 1 }, { x: x1, y: y + 1 });
  }
  return points;
}

/** The share of its convex hull that a component fills, 0..1. */
export function solidity(component: Component): number {
  return component.area / Math.abs(polygonArea(convexHull(outerCorners(component))));
}

/** The smallest enclosing rectangle: one side lies along an edge of the convex hull. */
export function minAreaRect(points: readonly Point[]): MinAreaRect {
  const hull = convexHull(points);
  let best: (MinAreaRect & { area: number }) | undefined;
  hull.forEach((from, i) => {
    const to = hull[(i + 1) % hull.length] ?? from;
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of hull) {
      const along = x * cos + y * sin;
      const across = y * cos - x * sin;
      left = Math.min(left, along);
      right = Math.max(right, along);
      top = Math.min(top, across);
      bottom = Math.max(bottom, across);
    }
    const [along, across] = [right - left, bottom - top];
    if (best === undefined || along * across < best.area) {
      const [u, v] = [(left + right) / 2, (top + bottom) / 2];
      best = {
        centre: { x: u * cos - v * sin, y: u * sin + v * cos },
        length: Math.max(along, across),
        width: Math.min(along, across),
        angle: along >= across ? angle : angle + Math.PI / 2,
        area: along * across,
      };
    }
  });
  if (best === undefined) {
    throw new RangeError('A rectangle needs at least one point.');
  }
  const { centre, length, width, angle } = best;
  return { centre, length, width, angle };
}
