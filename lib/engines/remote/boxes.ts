import type { Bbox } from '@/lib/segmentation/mask';
import type { Size } from '@/lib/vision/layout';
import type { EngineConfig } from '../config';
import { plainText } from './plain-text';

/** A place that a model names: [x, y, width, height] in px of the original image, and what it says is there. */
export type NamedBox = { box: Bbox; label: string | null };

/** Four numbers as a model wrote them, corner to corner. */
export type RawBox = { corners: [number, number, number, number]; label: string | null; key: string | null };

/** Fields in which models write boxes: Qwen-VL, Gemini (rows first), InternVL and others. */
const BOX_FIELDS = ['bbox_2d', 'box_2d', 'bbox', 'box', 'bounding_box'] as const;
const LABEL_FIELDS = ['label', 'type', 'name', 'sub_label', 'text_content'] as const;
const MAX_BOXES = 16;

/** Models whose boxes are thousandths of the image's sides, by their names. */
const THOUSANDTHS = /qwen-?3|internvl|glm|gemini|cogvlm|kosmos/i;

function isQuad(value: unknown): value is [number, number, number, number] {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((each) => typeof each === 'number' && Number.isFinite(each))
  );
}

function fieldOf(record: Record<string, unknown>, names: readonly string[]): string | null {
  const found = names.map((name) => record[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? plainText(found).replace(/\s+/g, ' ').slice(0, 60) : null;
}

/** The boxes of a JSON value: objects with a box field, however deep, and bare lists of four numbers. */
export function boxesIn(value: unknown, depth = 0): RawBox[] {
  if (depth > 6 || typeof value !== 'object' || value === null) {
    return [];
  }
  if (isQuad(value)) {
    return [{ corners: value, label: null, key: null }];
  }
  if (Array.isArray(value)) {
    return value
      .slice(0, 200)
      .flatMap((each) => boxesIn(each, depth + 1))
      .slice(0, MAX_BOXES);
  }
  const record = value as Record<string, unknown>;
  const key = BOX_FIELDS.find((name) => isQuad(record[name]));
  if (key !== undefined) {
    const corners = record[key];
    return isQuad(corners) ? [{ corners, label: fieldOf(record, LABEL_FIELDS), key }] : [];
  }
  return Object.values(record)
    .flatMap((each) => boxesIn(each, depth + 1))
    .slice(0, MAX_BOXES);
}

type Scale = Exclude<EngineConfig['boxes'], 'auto'>;

/** What the numbers of an answer's boxes mean: all of them the same. */
function scaleOf(
  boxes: readonly RawBox[],
  { boxes: told, model }: Pick<EngineConfig, 'boxes' | 'model'>,
  sent: Size,
): Scale {
  if (told !== 'auto') {
    return told;
  }
  const numbers = boxes.flatMap(({ corners }) => corners);
  if (numbers.every((value) => value <= 1)) {
    return 'unit';
  }
  const isOutside = boxes.some(
    ({ corners: [x1, y1, x2, y2] }) => Math.max(x1, x2) > sent.width || Math.max(y1, y2) > sent.height,
  );
  const rowsFirst = boxes.some(({ key }) => key === 'box_2d');
  return (isOutside || rowsFirst || THOUSANDTHS.test(model)) && numbers.every((value) => value <= 1000)
    ? 'thousand'
    : 'pixels';
}

/**
 * Boxes of a model's answer in px of the original image; such as have no extent or lie outside are left out.
 * @param sent the size at which the model was sent the image
 */
export function toNamedBoxes(
  boxes: readonly RawBox[],
  config: Pick<EngineConfig, 'boxes' | 'model'>,
  { sent, original }: { sent: Size; original: Size },
): NamedBox[] {
  const scale = scaleOf(boxes, config, sent);
  const unit = scale === 'unit' ? { width: 1, height: 1 } : scale === 'thousand' ? { width: 1000, height: 1000 } : sent;
  return boxes.slice(0, MAX_BOXES).flatMap(({ corners, label, key }): NamedBox[] => {
    const [x1, y1, x2, y2] = key === 'box_2d' ? [corners[1], corners[0], corners[3], corners[2]] : corners;
    const toX = (value: number) => Math.round(Math.min(1, Math.max(0, value / unit.width)) * original.width);
    const toY = (value: number) => Math.round(Math.min(1, Math.max(0, value / unit.height)) * original.height);
    const [left, right] = [toX(Math.min(x1, x2)), toX(Math.max(x1, x2))];
    const [top, bottom] = [toY(Math.min(y1, y2)), toY(Math.max(y1, y2))];
    return right > left && bottom > top ? [{ box: [left, top, right - left, bottom - top], label }] : [];
  });
}

type BoxConfig = Pick<EngineConfig, 'boxes' | 'model'>;

/** The unit in which a model is asked for boxes, and told them. */
export function boxUnit({ boxes, model }: BoxConfig): Scale {
  return boxes === 'auto' ? (THOUSANDTHS.test(model) ? 'thousand' : 'pixels') : boxes;
}

/** A box in the words of a model: corner to corner, in its unit. */
export function writeBox(
  [x, y, width, height]: Bbox,
  config: BoxConfig,
  { sent, original }: { sent: Size; original: Size },
): number[] {
  const unit = boxUnit(config);
  const scaled = unit === 'unit' ? { width: 1, height: 1 } : unit === 'thousand' ? { width: 1000, height: 1000 } : sent;
  const round = (value: number) => (unit === 'unit' ? Number(value.toFixed(3)) : Math.round(value));
  const toX = (value: number) => round((value / original.width) * scaled.width);
  const toY = (value: number) => round((value / original.height) * scaled.height);
  return [toX(x), toY(y), toX(x + width), toY(y + height)];
}
