import { drawShapes } from '@/lib/datasets/annotations/shapes';
import type { ImportFormat } from '@/lib/datasets/contract';
import { readSet } from '@/lib/datasets/import/read-set';
import { layFiles, removeFolder } from './folder-tree';

/** Files of a set by path: text and bytes as they are, anything else as JSON. */
export type Files = Readonly<Record<string, string | Uint8Array | object>>;

/** Size in px of the images that are meant; readers do not open them. */
const SIZE = { width: 160, height: 120 };

/**
 * Lays the files and reads them as a set: `label | type | part area at box ... | mask file ...` of each image by its
 * path, and the problems as `code place`.
 */
export async function readFiles(files: Files, format?: ImportFormat) {
  const root = await layFiles(
    Object.fromEntries(
      Object.entries(files).map(([name, value]) => [
        name,
        typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value),
      ]),
    ),
  );
  try {
    const { items, problems } = await readSet(root, format);
    const said = items.map(({ path, label, defectType, shapes, masks }) => {
      const { parts } = drawShapes(shapes, SIZE);
      const areas = parts.map(({ label: name, bbox, counts }) => {
        const area =
          counts?.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0) ?? (bbox[2] ?? 0) * (bbox[3] ?? 0);
        return `${name} ${area} at ${bbox.join(' ')}`;
      });
      const ofMasks = masks.map((mask) => `mask ${mask.slice(mask.indexOf('looktwice-set-') + 21)}`);
      return [path, [label, defectType, ...areas, ...ofMasks].filter((part) => part !== null).join(' | ')];
    });
    return {
      items: Object.fromEntries(said) as Record<string, string>,
      problems: problems.map(({ code, place }) => `${code} ${place}`),
    };
  } finally {
    await removeFolder(root);
  }
}
