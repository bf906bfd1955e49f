/** Where an image lies on the stage: screen = image * scale + offset, in CSS pixels. */
export type Viewport = { scale: number; x: number; y: number };
export type Size = { width: number; height: number };
/** [x, y, width, height] in image pixels. */
export type Box = readonly [number, number, number, number];

const MAX_SCALE = 32;

/** Shows the whole image, centred, never larger than `limit` times its pixels. */
export function fit(image: Size, stage: Size, margin = 16, limit = 4): Viewport {
  const scale = Math.min(
    limit,
    Math.max(1, stage.width - 2 * margin) / image.width,
    Math.max(1, stage.height - 2 * margin) / image.height,
  );
  return centre(image, stage, scale);
}

/** Shows the image at a scale, its middle in the middle. */
export function centre(image: Size, stage: Size, scale: number): Viewport {
  return { scale, x: (stage.width - image.width * scale) / 2, y: (stage.height - image.height * scale) / 2 };
}

/** Zooms by a factor and keeps the image point under (`atX`, `atY`) where it is. */
export function zoomAt(view: Viewport, factor: number, atX: number, atY: number, minScale: number): Viewport {
  const scale = Math.min(MAX_SCALE, Math.max(minScale, view.scale * factor));
  const real = scale / view.scale;
  return { scale, x: atX - (atX - view.x) * real, y: atY - (atY - view.y) * real };
}

/** Moves the image, keeping a part of it on the stage. */
export function clampPan(view: Viewport, image: Size, stage: Size): Viewport {
  const keep = 48;
  return {
    scale: view.scale,
    x: Math.min(stage.width - keep, Math.max(keep - image.width * view.scale, view.x)),
    y: Math.min(stage.height - keep, Math.max(keep - image.height * view.scale, view.y)),
  };
}

/** Zooms to a box so that it fills about 45 % of the stage, at most 8 screen pixels per image pixel. */
export function reveal([x, y, width, height]: Box, stage: Size, minScale: number): Viewport {
  const fraction = 0.45;
  const scale = Math.max(
    minScale,
    Math.min(8, (stage.width * fraction) / Math.max(1, width), (stage.height * fraction) / Math.max(1, height)),
  );
  return { scale, x: stage.width / 2 - (x + width / 2) * scale, y: stage.height / 2 - (y + height / 2) * scale };
}

/** The part of the image that the stage shows, in image pixels; null when none does. */
export function visibleBox(view: Viewport, image: Size, stage: Size): Box | null {
  const left = Math.max(0, -view.x / view.scale);
  const top = Math.max(0, -view.y / view.scale);
  const right = Math.min(image.width, (stage.width - view.x) / view.scale);
  const bottom = Math.min(image.height, (stage.height - view.y) / view.scale);
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

/** The image pixel under a stage point; null beside the image. */
export function imagePoint(
  view: Viewport,
  image: Size,
  stageX: number,
  stageY: number,
): { x: number; y: number } | null {
  const x = Math.floor((stageX - view.x) / view.scale);
  const y = Math.floor((stageY - view.y) / view.scale);
  return x >= 0 && y >= 0 && x < image.width && y < image.height ? { x, y } : null;
}
