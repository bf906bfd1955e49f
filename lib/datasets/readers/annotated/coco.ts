import path from 'node:path';
import { z } from 'zod';
import type { Shape } from '../../annotations/shapes';
import { itemFieldsSchema, statedFields } from '../../annotations/item-fields';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';
import { AnnotatedCollector } from './collector';
import { describeIssue, jsonFiles, readJsonFile } from './json';

const id = z.union([z.number(), z.string()]);
const imageSchema = z.object({
  id,
  file_name: z.string().min(1).max(4096),
  looktwice: itemFieldsSchema.optional(),
});
const rleSchema = z.object({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.union([z.string(), z.array(z.int().nonnegative())]),
});
const annotationSchema = z.object({
  image_id: id,
  category_id: id.nullish(),
  bbox: z
    .union([z.tuple([z.number(), z.number(), z.number(), z.number()]), z.tuple([])])
    .nullish()
    .transform((box) => (box?.length === 4 ? box : undefined)),
  /** Our own exports mark boxes, which have their corners as polygon. */
  box: z.boolean().optional(),
  segmentation: z.union([z.array(z.array(z.number())), rleSchema]).nullish(),
});
const categorySchema = z.object({ id, name: z.string().max(120) });
const fileSchema = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.array(z.unknown()).default([]),
});

/** The label files of a COCO set: JSON with `images` and `annotations`. */
export async function cocoFiles(tree: DatasetTree): Promise<string[]> {
  const found: string[] = [];
  for (const file of await jsonFiles(tree)) {
    if (/"images"\s*:/.test(await tree.text(file)) && fileSchema.safeParse(await readJsonFile(tree, file)).success) {
      found.push(file);
    }
  }
  return found;
}

/**
 * COCO: polygons, run lengths (compressed or not) or boxes. An image with annotations is anomalous, one without is normal, unless our own export says otherwise. The
 * split is the file's (`instances_train2017.json`, `train/_annotations.coco.json`).
 */
export async function readCoco(tree: DatasetTree): Promise<AnnotatedCollector> {
  const collector = new AnnotatedCollector(tree);
  for (const file of await cocoFiles(tree)) {
    await readOne(tree, file, collector);
  }
  return collector;
}

async function readOne(tree: DatasetTree, file: string, collector: AnnotatedCollector): Promise<void> {
  const parsed = fileSchema.safeParse(await readJsonFile(tree, file));
  if (!parsed.success) {
    throw new DatasetError(`${file} is no COCO file: ${describeIssue(parsed.error)}`);
  }
  const check = <T>(schema: z.ZodType<T>, records: readonly unknown[], what: string): T[] =>
    records.flatMap((record, index) => {
      const result = schema.safeParse(record);
      if (result.success) {
        return [result.data];
      }
      collector.report(
        'bad_row',
        `${file}, ${what} ${index}`,
        `The record is left out: ${describeIssue(result.error)}`,
      );
      return [];
    });
  const names = new Map(
    check(categorySchema, parsed.data.categories, 'category').map((category) => [category.id, category.name]),
  );
  const byImage = new Map<string | number, Shape[]>();
  for (const annotation of check(annotationSchema, parsed.data.annotations, 'annotation')) {
    const label = names.get(annotation.category_id ?? '') ?? 'anomaly';
    const shape = toShape(annotation, label);
    if (shape !== undefined) {
      byImage.set(annotation.image_id, [...(byImage.get(annotation.image_id) ?? []), shape]);
    }
  }
  const split = splitOf(file);
  for (const image of check(imageSchema, parsed.data.images, 'image')) {
    const shapes = byImage.get(image.id) ?? [];
    const own = image.looktwice;
    await collector.add(places(file, image.file_name, split), {
      split,
      label: shapes.length > 0 ? 'anomalous' : 'normal',
      defectType: commonLabel(shapes),
      ...(own !== undefined && statedFields(own)),
      shapes,
    });
    byImage.delete(image.id);
  }
  for (const imageId of byImage.keys()) {
    collector.report(
      'bad_row',
      `${file}, image ${imageId}`,
      'Annotations refer to an image that the file does not list.',
    );
  }
}

function toShape(annotation: z.infer<typeof annotationSchema>, label: string): Shape | undefined {
  const { segmentation, bbox, box } = annotation;
  if (box === true && bbox !== undefined) {
    return { kind: 'box', label, unit: 'px', bbox };
  }
  if (segmentation && !Array.isArray(segmentation)) {
    return { kind: 'rle', label, ...segmentation };
  }
  // Tools leave rings of one or two points behind where somebody clicked once too often.
  const rings = segmentation?.filter((ring) => ring.length >= 6) ?? [];
  if (rings.length > 0) {
    return { kind: 'polygon', label, unit: 'px', rings };
  }
  return bbox === undefined ? undefined : { kind: 'box', label, unit: 'px', bbox };
}

/** The one label that all shapes have, `mixed` for several, null for none. */
export function commonLabel(shapes: readonly { label: string }[]): string | null {
  const labels = new Set(shapes.map(({ label }) => label));
  return labels.size > 1 ? 'mixed' : ([...labels][0] ?? null);
}

const SPLITS = /(^|[^a-z])(train|test|valid|val)(?![a-z])/i;

/** train, val or test if the label file's path says so. */
function splitOf(file: string): string | null {
  const name = SPLITS.exec(file)?.[2]?.toLowerCase();
  return name === 'valid' ? 'val' : (name ?? null);
}

/**
 * Where COCO sets keep an image: as named, beside the label file, in `images/` or in the folder of the split or of CVAT's subset
 * (`instances_default.json`: `images/default/`). Of a name that is absolute on the machine it was written on, the last part counts.
 */
function places(file: string, name: string, split: string | null): string[] {
  const folder = path.posix.dirname(file);
  const year = /((?:train|val|test)\d{4})/.exec(file)?.[1];
  const subset = /(?:^|\/)instances_([^/]+)\.json$/i.exec(file)?.[1];
  const relative = name.replaceAll('\\', '/');
  const isAbsolute = /^(\/|[A-Za-z]:)/.test(relative);
  const local = isAbsolute ? path.posix.basename(relative) : relative;
  const bases = [
    '.',
    folder,
    'images',
    year,
    split,
    split === null ? null : `images/${split}`,
    year && `images/${year}`,
    subset && `images/${subset}`,
  ];
  return bases.flatMap((base) => (base === null || base === undefined ? [] : [path.posix.join(base, local)]));
}
