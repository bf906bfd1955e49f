/** The connected regions of a mask: `labels[pixel]` is 0 outside and 1..`areas.length` inside; `areas[k - 1]` is region k's pixel count. */
export type Components = { labels: Uint32Array; areas: number[] };

/**
 * Labels the connected regions of a mask, diagonal neighbours included (8-neighbour, as in PRO's reference implementations).
 *
 * @param mask row-major, non-zero inside
 * @param width pixels per row; must divide the mask's length
 */
export function connectedComponents(mask: ArrayLike<number>, width: number): Components {
  if (width <= 0 || mask.length % width !== 0) {
    throw new RangeError(`A mask of ${mask.length} pixels has no rows of ${width}.`);
  }
  const height = mask.length / width;
  const labels = new Uint32Array(mask.length);
  const areas: number[] = [];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start += 1) {
    if (!mask[start] || labels[start] !== 0) {
      continue;
    }
    const region = areas.length + 1;
    let area = 0;
    labels[start] = region;
    stack.push(start);
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      area += 1;
      const x = pixel % width;
      const y = (pixel - x) / width;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const neighbour = ny * width + nx;
          if (mask[neighbour] && labels[neighbour] === 0) {
            labels[neighbour] = region;
            stack.push(neighbour);
          }
        }
      }
    }
    areas.push(area);
  }
  return { labels, areas };
}
