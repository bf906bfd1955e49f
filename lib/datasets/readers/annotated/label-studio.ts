import path from 'node:path';
import { z } from 'zod';
import { itemFieldsSchema, statedFields } from '../../annotations/item-fields';
import { decodeBrush } from '../../annotations/label-studio-rle';
import type { Shape } from '../../annotations/shapes';
import type { Label, TextAnnotation } from '../../contract';
import type { DatasetTree } from '../tree';
import { commonLabel } from './coco';
import { AnnotatedCollector } from './collector';
import { describeIssue, jsonFiles, readJsonFile } from './json';
import { messageOf } from '@/lib/engine/errors';

const percent = z.number();
const resultSchema = z.object({
  /** Results with the same id are one region: `rectangle` and the `labels` that it got. */
  id: z.string().optional(),
  type: z.string(),
  from_name: z.string().default(''),
  original_width: z.int().positive().optional(),
  original_height: z.int().positive().optional(),
  value: z.looseObject({
    x: percent.optional(),
    y: percent.optional(),
    width: percent.optional(),
    height: percent.optional(),
    rotation: z.number().optional(),
    radiusX: percent.optional(),
    radiusY: percent.optional(),
    points: z.array(z.tuple([percent, percent])).optional(),
    format: z.string().optional(),
    rle: z.array(z.int().min(0).max(255)).optional(),
    choices: z.array(z.string()).optional(),
    labels: z.array(z.string()).optional(),
    text: z.union([z.string(), z.array(z.string())]).optional(),
  }),
});
const annotationSchema = z.object({
  result: z.array(z.unknown()),
  was_cancelled: z.boolean().nullish(),
  updated_at: z.string().nullish(),
});
const taskSchema = z.object({
  data: z.looseObject({ looktwice: itemFieldsSchema.optional() }),
  annotations: z.array(annotationSchema).optional(),
});
type Result = z.infer<typeof resultSchema>;

/** The Label Studio exports of a set: JSON lists of tasks with `data` and `annotations`. */
export async function labelStudioFiles(tree: DatasetTree): Promise<string[]> {
  const found: string[] = [];
  for (const file of await jsonFiles(tree)) {
    const value = await readJsonFile(tree, file);
    if (Array.isArray(value) && taskSchema.safeParse(value[0]).success && 'annotations' in (value[0] as object)) {
      found.push(file);
    }
  }
  return found;
}

/**
 * Label Studio's JSON: rectangles, polygons, ellipses and brushes become masks; a choice named like a label (normal, anomalous, good, defect ...) is the label; text areas
 * named description, impact or suggestion are the text. Of several annotations the latest that was not cancelled counts.
 */
export async function readLabelStudio(tree: DatasetTree): Promise<AnnotatedCollector> {
  const collector = new AnnotatedCollector(tree);
  for (const file of await labelStudioFiles(tree)) {
    const tasks = await readJsonFile(tree, file);
    for (const [index, value] of (Array.isArray(tasks) ? tasks : []).entries()) {
      const task = taskSchema.safeParse(value);
      const where = `${file}, task ${index}`;
      if (!task.success) {
        collector.report('bad_row', where, `The task is left out: ${describeIssue(task.error)}`);
        continue;
      }
      const image = imageOf(task.data.data);
      if (image === undefined) {
        collector.report('bad_row', where, 'The data of the task names no image; it is left out.');
        continue;
      }
      const results = latest(task.data.annotations ?? []);
      const read = readResults(results?.result ?? [], where, collector);
      const own = task.data.data.looktwice;
      await collector.add(placesOf(image, path.posix.dirname(file)), {
        ...read,
        label: read.label ?? (read.shapes.length > 0 ? 'anomalous' : results === undefined ? 'unlabelled' : 'normal'),
        defectType: commonLabel(read.shapes),
        ...(own !== undefined && statedFields(own)),
      });
    }
  }
  return collector;
}

/** The annotation that was changed last and not cancelled; the last in the list where no times are stated. */
function latest(annotations: readonly z.infer<typeof annotationSchema>[]) {
  const kept = annotations.filter((annotation) => annotation.was_cancelled !== true);
  const time = ({ updated_at: at }: { updated_at?: string | null | undefined }) => Date.parse(at ?? '') || 0;
  return kept.reduce<(typeof kept)[number] | undefined>(
    (best, annotation) => (best === undefined || time(annotation) >= time(best) ? annotation : best),
    undefined,
  );
}

function imageOf(data: Record<string, unknown>): string | undefined {
  const named = ['image', 'img', 'ocr', 'picture'].map((key) => data[key]);
  const value = [...named, ...Object.values(data)].find(
    (entry) => typeof entry === 'string' && /\.(png|jpe?g|bmp|tiff?|webp|gif|avif)(\?.*)?$/i.test(entry),
  );
  return typeof value === 'string' ? value : undefined;
}

/** Label Studio writes addresses: `/data/upload/3/ab12cd34-name.png`, `/data/local-files/?d=set/name.png`. Only paths inside the set are looked at. */
function placesOf(image: string, folder: string): string[] {
  let local = image;
  const query = /[?&]d=([^&]+)/.exec(image)?.[1];
  try {
    local = decodeURIComponent(query ?? image.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\?.*$/, ''));
  } catch (error) {
    if (!(error instanceof URIError)) {
      throw error;
    }
  }
  const name = path.posix.basename(local);
  const unprefixed = name.replace(/^[0-9a-f]{8}-/, '');
  const bases = [local.replace(/^\/+/, ''), name, `images/${name}`, unprefixed, `images/${unprefixed}`];
  return [...bases, ...bases.map((base) => path.posix.join(folder, base))];
}

type ReadResults = { shapes: Shape[]; label?: Label; text: Partial<TextAnnotation> };

function readResults(results: readonly unknown[], where: string, collector: AnnotatedCollector): ReadResults {
  const read: ReadResults = { shapes: [], text: {} };
  const labels = regionLabels(results);
  results.forEach((value, index) => {
    if (isRelation(value)) {
      return;
    }
    const parsed = resultSchema.safeParse(value);
    try {
      if (!parsed.success) {
        throw new RangeError(describeIssue(parsed.error));
      }
      readResult(parsed.data, read, labels);
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }
      collector.report('bad_row', `${where}, result ${index}`, `The result is left out: ${messageOf(error)}`);
    }
  });
  return read;
}

/** An arrow between two regions says nothing about the image. */
const isRelation = (value: unknown) =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'relation';

/** Labels of regions that were drawn with one control and labelled with another (`Labels`), by region. */
function regionLabels(results: readonly unknown[]): Map<string, string> {
  return new Map(
    results.flatMap((value) => {
      const { data } = resultSchema.safeParse(value);
      const [label] = data?.type === 'labels' ? (data.value.labels ?? []) : [];
      return data?.id !== undefined && label ? [[data.id, label.slice(0, 120)] as const] : [];
    }),
  );
}

const NORMAL = /^(normal|good|ok|healthy|no defect|negative)$/i;
const ANOMALOUS = /^(anomalous|anomaly|abnormal|defect|defective|bad|ng|nok|positive)$/i;

function readResult(result: Result, read: ReadResults, labels: ReadonlyMap<string, string>): void {
  const { type, value, from_name: name } = result;
  switch (type) {
    case 'choices': {
      const choice = value.choices?.[0] ?? '';
      if (NORMAL.test(choice)) {
        read.label = 'normal';
      } else if (ANOMALOUS.test(choice)) {
        read.label = 'anomalous';
      }
      return;
    }
    case 'textarea': {
      const key = (['description', 'impact', 'suggestion'] as const).find((field) => name.toLowerCase() === field);
      if (key !== undefined) {
        read.text[key] = [value.text ?? []].flat().join('\n');
      }
      return;
    }
    default: {
      const shape = toShape(result, labels.get(result.id ?? '') ?? labelOf(value, type));
      if (shape !== undefined) {
        read.shapes.push(shape);
      }
    }
  }
}

function labelOf(value: Result['value'], type: string): string {
  const labels = value[type];
  const [first] = Array.isArray(labels) ? labels : [];
  return typeof first === 'string' && first !== '' ? first.slice(0, 120) : 'anomaly';
}

const ELLIPSE_POINTS = 64;

function toShape({ type, value, original_width: w, original_height: h }: Result, label: string): Shape | undefined {
  const { x = 0, y = 0, width = 0, height = 0, rotation = 0, radiusX = 0, radiusY = 0 } = value;
  const fraction = (points: readonly (readonly [number, number])[]) => points.flat().map((number) => number / 100);
  switch (type.replace(/labels$/, '')) {
    case 'rectangle': {
      if (rotation === 0) {
        return { kind: 'box', label, unit: 'fraction', bbox: [x / 100, y / 100, width / 100, height / 100] };
      }
      // The rotation is about the top left corner, in pixels of the image, whose sides may differ.
      const [aspect, angle] = [(w ?? 1) / (h ?? 1), (rotation * Math.PI) / 180];
      const corner = (dx: number, dy: number): [number, number] => [
        x + dx * Math.cos(angle) - (dy / aspect) * Math.sin(angle),
        y + dx * aspect * Math.sin(angle) + dy * Math.cos(angle),
      ];
      const corners = [corner(0, 0), corner(width, 0), corner(width, height), corner(0, height)];
      return { kind: 'polygon', label, unit: 'fraction', rings: [fraction(corners)] };
    }
    case 'polygon':
      return { kind: 'polygon', label, unit: 'fraction', rings: [fraction(value.points ?? [])] };
    case 'ellipse': {
      const points = Array.from({ length: ELLIPSE_POINTS }, (_, i): [number, number] => {
        const angle = (2 * Math.PI * i) / ELLIPSE_POINTS;
        return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)];
      });
      return { kind: 'polygon', label, unit: 'fraction', rings: [fraction(points)] };
    }
    case 'brush': {
      if (value.rle === undefined || w === undefined || h === undefined) {
        throw new RangeError('A brush needs rle, original_width and original_height.');
      }
      return { kind: 'pixels', label, width: w, height: h, data: decodeBrush(value.rle, w * h) };
    }
    default:
      return undefined;
  }
}
