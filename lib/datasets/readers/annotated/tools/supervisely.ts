import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { MAX_IMAGE_BYTES } from '@/lib/vision/limits';
import { namesDefect } from '../../defect-words';
import { labelOfWord, splitOfWord } from '../../label-words';
import { toNumbers, toSize } from '../../numbers';
import { isImageName } from '../../tree';
import { toList, toRecord, toText } from '../label-files';
import { boxMark, labelOf, lineMark, type Mark, marksOf, outlineMark, type ToolFormat } from './marks';

/**
 * Supervisely: a JSON file for each image (`ds/ann/a.png.json` beside `ds/img/a.png`) with `size` and `objects`:
 * rectangles, polygons with holes, bitmaps, lines, points. Tags of the image count where they say normal or anomalous,
 * name a defect, or the split.
 */
export const supervisely: ToolFormat = (value, file) => {
  const record = toRecord(value);
  const size = toRecord(record?.['size']);
  const objects = toList(record?.['objects']);
  if (record === undefined || objects === undefined || size === undefined || !('height' in size)) {
    return undefined;
  }
  const { name } = path.posix.parse(file);
  const tags = (toList(record['tags']) ?? []).flatMap((tag) => {
    const { name: key, value: said } = toRecord(tag) ?? {};
    return [toText(key), toText(said), toText(tag)].flatMap((word) => word ?? []);
  });
  const isSaid = (tag: string) => labelOfWord(tag) !== undefined || namesDefect(tag);
  const classes = tags.filter(isSaid).map((className): Mark => ({ className }));
  return [
    {
      image: isImageName(name) ? name : (toText(record['name']) ?? name),
      size: toSize(size['width'], size['height']),
      split: tags.flatMap((tag) => splitOfWord(tag) ?? [])[0],
      marks: [...marksOf(objects, readObject), ...classes],
    },
  ];
};

function readObject(object: Readonly<Record<string, unknown>>): Mark {
  const label = labelOf(object['classTitle']);
  const { exterior, interior } = toRecord(object['points']) ?? {};
  switch (object['geometryType']) {
    case 'rectangle': {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = toNumbers((toList(exterior) ?? []).flat()) ?? [];
      const [left, top] = [Math.min(x1, x2), Math.min(y1, y2)];
      // Both corners are pixels of the rectangle.
      const sides = [Math.abs(x2 - x1) + 1, Math.abs(y2 - y1) + 1];
      return toList(exterior)?.length === 2 ? boxMark(label, [left, top, ...sides]) : boxMark(label, []);
    }
    case 'polygon':
      return outlineMark(label, exterior, toList(interior) ?? []);
    case 'line':
    case 'polyline':
      return lineMark(label, exterior);
    case 'bitmap':
    case 'alpha_mask':
      return readBitmap(label, toRecord(object['bitmap']));
    case 'point':
    case 'graph':
    case 'cuboid':
      return { className: label };
    default:
      return { unreadable: 'it has a form that is not read' };
  }
}

/** A PNG of a part of the image, packed by zlib, as base64. */
function readBitmap(label: string, bitmap: Readonly<Record<string, unknown>> | undefined): Mark {
  const origin = toNumbers(toList(bitmap?.['origin']) ?? []);
  const data = toText(bitmap?.['data'], MAX_IMAGE_BYTES);
  const [x, y] = origin ?? [];
  if (data === undefined || x === undefined || y === undefined) {
    return { unreadable: 'its bitmap has no data or no origin' };
  }
  try {
    const png = inflateSync(Buffer.from(data, 'base64'), { maxOutputLength: MAX_IMAGE_BYTES });
    return { kind: 'picture', label, isWhole: false, x, y, base64: png.toString('base64') };
  } catch {
    // zlib throws for damaged data alone, and for a bomb.
    return { unreadable: 'its bitmap is damaged' };
  }
}
