/** Points of an ellipse's outline. */
const ELLIPSE_POINTS = 128;

/**
 * The outline [x0, y0, ...] of an ellipse that is turned about its centre.
 *
 * @param rotation degrees, clockwise as seen (y down)
 * @param aspect length of one unit of x by that of one unit of y: 1 for pixels, width / height for fractions and
 *   percent
 */
export function ellipseRing(
  { x, y, radiusX, radiusY }: { x: number; y: number; radiusX: number; radiusY: number },
  rotation: number,
  aspect = 1,
): number[] {
  const turn = turner(rotation, aspect);
  return Array.from({ length: ELLIPSE_POINTS }, (_, i) => {
    const angle = (2 * Math.PI * i) / ELLIPSE_POINTS;
    const [dx, dy] = turn(radiusX * Math.cos(angle), radiusY * Math.sin(angle));
    return [x + dx, y + dy];
  }).flat();
}

/** The corners [x0, y0, ...] of a box that is turned about its first corner, as Label Studio turns them. */
export function rotatedBoxRing(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  rotation: number,
  aspect = 1,
): number[] {
  const turn = turner(rotation, aspect);
  return (
    [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ] as const
  ).flatMap(([dx, dy]) => {
    const [tx, ty] = turn(dx, dy);
    return [x + tx, y + ty];
  });
}

/** The corners of a box in pixels that is turned about its centre, as CVAT and others turn them. */
export function centredBoxRing(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  rotation: number,
): number[] {
  const turn = turner(rotation, 1);
  return ([-1, 1, 1, -1] as const).flatMap((side, i) => {
    const [dx, dy] = turn((side * width) / 2, ((i < 2 ? -1 : 1) * height) / 2);
    return [x + width / 2 + dx, y + height / 2 + dy];
  });
}

function turner(rotation: number, aspect: number): (dx: number, dy: number) => [number, number] {
  const angle = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (dx, dy) => [dx * cos - (dy / aspect) * sin, dx * aspect * sin + dy * cos];
}
