/** Sizes in px. */
export type Size = { width: number; height: number };

/**
 * How EXIF says that the stored picture is to be turned before it is shown: 1 (not at all) to 8. From 5 on, width and
 * height change places.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/**
 * How an annotation's coordinates, made on a picture of the size `from`, get onto the shown image: first turned, then
 * scaled. `note` says what a reader should know about it.
 */
export type Fit = { from: Size; to: Size; turn: Orientation; note: string | null };

/** EXIF's number as an orientation; anything else is 1. */
export function toOrientation(value: number): Orientation {
  return ([1, 2, 3, 4, 5, 6, 7, 8] as const).find((known) => known === value) ?? 1;
}

const text = ({ width, height }: Size): string => `${width} x ${height} px`;
const swap = ({ width, height }: Size): Size => ({ width: height, height: width });
const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** True when one is the other scaled, each side rounded to whole pixels. */
function isScaled(from: Size, to: Size): boolean {
  const [small, large] = from.width <= to.width ? [from, to] : [to, from];
  const byWidth = (large.height * small.width) / large.width;
  const byHeight = (large.width * small.height) / large.height;
  return Math.abs(byWidth - small.height) <= 1 || Math.abs(byHeight - small.width) <= 1;
}

/** True for a plausible orientation of a picture whose sides change places. */
const isQuarter = (orientation: Orientation): boolean => orientation >= 5;

/** A side of 0 was not stated: it is what the other one and the shape of the image make it. */
function completed(stated: Size, shown: Size, isTurned: boolean): Size {
  const { width, height } = stated;
  if (width > 0 && height > 0) {
    return stated;
  }
  const like = isTurned && (width === shown.height || height === shown.width) ? swap(shown) : shown;
  return width > 0
    ? { width, height: Math.max(1, Math.round((width * like.height) / like.width)) }
    : { width: Math.max(1, Math.round((height * like.width) / like.height)), height };
}

/** So far beyond the image an outline may reach that was drawn on it, as a share of the image. */
const OVERHANG = 0.1;

/** How an annotation lies whose label file states no size: as its coordinates fit. */
function fitUnstated(shown: Size, orientation: Orientation, extent: Size | undefined): Fit | { misfit: string } {
  const asShown: Fit = { from: shown, to: shown, turn: 1, note: null };
  const isWithin = (size: Size, share: number) =>
    extent === undefined || (extent.width <= size.width * share && extent.height <= size.height * share);
  if (isWithin(shown, 1)) {
    return asShown;
  }
  if (isQuarter(orientation) && isWithin(swap(shown), 1)) {
    const note = 'The label file states no size; the annotation fits the unturned photo alone and is turned with it.';
    return { from: swap(shown), to: shown, turn: orientation, note };
  }
  if (isWithin(shown, 1 + OVERHANG)) {
    return asShown;
  }
  const { width, height } = extent ?? shown;
  const reach = `${Math.ceil(width)}, ${Math.ceil(height)}`;
  return {
    misfit: `The annotation reaches to ${reach} on an image of ${text(shown)}, and the label file does not say on what size it was made.`,
  };
}

/**
 * How what was annotated on a picture of the size `given` lies on an image that is shown with the size `shown`.
 * Annotation tools disagree on whether they follow EXIF orientation; the size tells.
 *
 * @param given null where the label file states no size; a side of 0 was not stated
 * @param extent how far the annotation reaches, in the coordinates of the stated picture; it can tell swapped sides
 *   from turned pictures
 * @returns a sentence when nothing fits
 */
export function fitSizes(
  given: Size | null,
  shown: Size,
  orientation: Orientation = 1,
  extent?: Size,
): Fit | { misfit: string } {
  if (given === null) {
    return fitUnstated(shown, orientation, extent);
  }
  const stated = completed(given, shown, isQuarter(orientation));
  const reaches = (size: Size) => extent !== undefined && extent.width <= size.width && extent.height <= size.height;
  const isWrongWayRound = isSame(stated, swap(shown)) && !reaches(stated) && reaches(shown);
  const fit = (turn: Orientation, note: string | null): Fit => ({ from: stated, to: shown, turn, note });
  if (isSame(stated, shown)) {
    const isUnclear = orientation !== 1 && (!isQuarter(orientation) || shown.width === shown.height);
    return fit(
      1,
      isUnclear
        ? 'The photo is to be turned or mirrored when shown, and its size does not tell whether the annotation is: it is taken as made on the image as shown.'
        : null,
    );
  }
  if (isQuarter(orientation) && !isWrongWayRound) {
    if (isSame(stated, swap(shown))) {
      return fit(orientation, null);
    }
    if (isScaled(stated, swap(shown)) && !isScaled(stated, shown)) {
      return fit(
        orientation,
        `The annotation was made on ${text(stated)} of the unturned photo and is turned and scaled.`,
      );
    }
  }
  if (isScaled(stated, shown)) {
    return fit(1, `The annotation was made on ${text(stated)}, the image has ${text(shown)}: it is scaled.`);
  }
  if (isWrongWayRound) {
    const note = `The label file has width and height of the image the wrong way round (${text(stated)}).`;
    return { from: shown, to: shown, turn: 1, note };
  }
  return {
    misfit: `The annotation was made on ${text(stated)}, the image has ${text(shown)}: nobody can tell where it lies.`,
  };
}

/** Where a point of the stated picture lies on the shown image. */
export function movePoint({ from, to, turn }: Fit, x: number, y: number): [number, number] {
  const { width: w, height: h } = from;
  const turned: Record<Orientation, [number, number]> = {
    1: [x, y],
    2: [w - x, y],
    3: [w - x, h - y],
    4: [x, h - y],
    5: [y, x],
    6: [h - y, x],
    7: [h - y, w - x],
    8: [y, w - x],
  };
  const [tx, ty] = turned[turn];
  const size = isQuarter(turn) ? swap(from) : from;
  // A factor of exactly 1 leaves the numbers as they are.
  return [
    size.width === to.width ? tx : (tx * to.width) / size.width,
    size.height === to.height ? ty : (ty * to.height) / size.height,
  ];
}

/** The pixel of the stated picture, row-major, that the shown image's pixel (column, row) takes its value from. */
function sourcePixel({ from, to, turn }: Fit, column: number, row: number): number {
  const size = isQuarter(turn) ? swap(from) : from;
  const x = Math.min(size.width - 1, Math.floor(((column + 0.5) * size.width) / to.width));
  const y = Math.min(size.height - 1, Math.floor(((row + 0.5) * size.height) / to.height));
  const [w, h] = [from.width - 1, from.height - 1];
  const source: Record<Orientation, [number, number]> = {
    1: [x, y],
    2: [w - x, y],
    3: [w - x, h - y],
    4: [x, h - y],
    5: [y, x],
    6: [y, h - x],
    7: [w - y, h - x],
    8: [w - y, x],
  };
  const [sx, sy] = source[turn];
  return sy * from.width + sx;
}

export const isIdentity = ({ from, to, turn }: Fit): boolean => turn === 1 && isSame(from, to);

/**
 * A mask of the stated picture on the shown image. When it gets smaller, a pixel is set if any that it covers is, so
 * that nothing thin vanishes.
 */
export function moveMask(data: Uint8Array, fit: Fit): Uint8Array {
  if (isIdentity(fit)) {
    return data;
  }
  const { from, to } = fit;
  const out = new Uint8Array(to.width * to.height);
  for (let row = 0; row < to.height; row += 1) {
    for (let column = 0; column < to.width; column += 1) {
      out[row * to.width + column] = data[sourcePixel(fit, column, row)] ?? 0;
    }
  }
  if (from.width * from.height > to.width * to.height) {
    for (let i = data.indexOf(1); i !== -1; i = data.indexOf(1, i + 1)) {
      const [x, y] = movePoint(fit, (i % from.width) + 0.5, Math.floor(i / from.width) + 0.5);
      out[Math.min(to.height - 1, Math.floor(y)) * to.width + Math.min(to.width - 1, Math.floor(x))] = 1;
    }
  }
  return out;
}
