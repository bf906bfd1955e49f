import path from 'node:path';
import type { Shape } from '../../annotations/shapes';
import { type ItemFields, itemFieldsSchema } from '../../annotations/item-fields';
import { annotationLimits } from '../../contract';
import { splitOfWord } from '../label-words';
import { toNumber, toSize, toStatedSize } from '../numbers';
import { someNamed } from '../some-named';
import { type BoxForm, boxForm, PLAIN_FORM } from './coco-boxes';
import { cocoGeometry } from './coco-geometry';
import type { AnnotatedCollector } from './collector';
import { type LabelFiles, toList, toRecord, toText } from './label-files';

/** The label files of a COCO set: JSON with `images` and, unless nothing is annotated, `annotations`. */
export async function cocoFiles(files: LabelFiles): Promise<string[]> {
  const found: string[] = [];
  for await (const json of files.json()) {
    if ('value' in json && isCoco(json.value)) {
      found.push(json.file);
    }
  }
  return found;
}

/** What a record calls its image: `file_name`, or as tools write it that are nearly COCO. */
const nameOf = (record: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  ['file_name', 'path', 'filename', 'fileName', 'coco_url'].map((key) => toText(record?.[key])).find(Boolean);

function isCoco(value: unknown): boolean {
  const file = toRecord(value);
  const images = toList(file?.['images']);
  // The first record may be the damaged one.
  const isNamed = images?.some((image) => nameOf(toRecord(image)) !== undefined) === true;
  const isListed = images !== undefined && (images.length === 0 || isNamed);
  return isListed && (toList(file?.['annotations']) !== undefined || toList(file?.['categories']) !== undefined);
}

/**
 * The file's annotations; those within the records of their images get the image's id. Undefined when there is no list
 * at all.
 */
function annotationsOf(value: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  const listed = toList(value['annotations']);
  const inner = (toList(value['images']) ?? []).map(toRecord).flatMap((image) => {
    const own = toList(image?.['annotations']);
    return own === undefined ? [] : [own.map((entry) => ({ ...toRecord(entry), image_id: image?.['id'] }))];
  });
  return listed === undefined && inner.length === 0 ? undefined : [...(listed ?? []), ...inner.flat()];
}

/**
 * COCO: polygons, run lengths (compressed or not) or boxes. An image with annotations is anomalous, one without is
 * normal, unless our own export says otherwise. The split is the file's (`instances_train2017.json`,
 * `train/_annotations.coco.json`). Files about the same images are joined; those that mark no regions (captions) are
 * left out.
 */
export async function readCoco(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await cocoFiles(files)) {
    const json = await files.read(file);
    const value = 'value' in json ? toRecord(json.value) : undefined;
    if (value !== undefined) {
      new CocoFile(file, value, collector).read();
    }
  }
}

type Image = { id: string; name: string; record: Readonly<Record<string, unknown>> };
type Marks = { shapes: Shape[]; classes: string[]; doubts: string[] };

/** Tools that export all images say so of those that nobody has worked on. */
const isUntouched = ({ record }: Image): boolean =>
  ['annotated', 'is_annotated'].some((key) => record[key] === false) && record['looktwice'] === undefined;

/**
 * Ids are compared as text, so that 1, "1", "01" and 1.0 are one; `12e3` is a name, and more digits than numbers have
 * stay as they are.
 */
function toId(value: unknown): string | undefined {
  const isName = typeof value === 'string' && (!/^\s*\d+(\.0*)?\s*$/.test(value) || value.length > 15);
  const number = isName ? undefined : toNumber(value);
  return number === undefined ? toText(value) : String(number);
}

class CocoFile {
  private readonly names = new Map<string, string>();
  private readonly marks = new Map<string, Marks>();
  private readonly images: readonly Image[];
  private form: BoxForm = PLAIN_FORM;

  constructor(
    private readonly file: string,
    private readonly value: Readonly<Record<string, unknown>>,
    private readonly collector: AnnotatedCollector,
  ) {
    this.images = this.listImages();
  }

  read(): void {
    const annotations = annotationsOf(this.value);
    if (annotations !== undefined && annotations.length > 0 && annotations.every(isCaption)) {
      const message = 'The file marks no regions (captions or panoptic pictures); it is left out.';
      this.collector.report('no_regions', this.file, message);
      this.images.forEach((image) => this.stateImage(image, undefined, false));
      return;
    }
    this.readCategories();
    const byId = new Map<string, Image[]>();
    for (const image of this.images) {
      const others = byId.get(image.id);
      if (others === undefined) {
        byId.set(image.id, [image]);
      } else {
        others.push(image);
      }
    }
    this.form = this.formOf(annotations ?? [], byId);
    (annotations ?? []).forEach((annotation, index) => this.readAnnotation(annotation, index, byId));
    for (const [id, images] of byId) {
      const names = [...new Set(images.map(({ name }) => name))];
      if (names.length > 1) {
        const message = `These images have one id (${id}), so nobody can tell which annotations are whose: ${names.slice(0, 5).join(', ')}.`;
        this.collector.report('same_id', `${this.file}, image ${id}`, message);
      }
      const doubts = names.length > 1 ? [`${this.file} gives other images the same id ${id}`] : [];
      const marks = names.length > 1 ? { shapes: [], classes: [], doubts } : this.marks.get(id);
      images.forEach((image) => this.stateImage(image, marks, annotations !== undefined && !isUntouched(image)));
    }
    const untouched = this.images.filter((image) => isUntouched(image) && !this.marks.has(image.id));
    if (untouched.length > 0) {
      const names = untouched.map(({ name }) => name);
      const message = `The file says that nobody has annotated ${someNamed(names, 'image')}: unlabelled.`;
      this.collector.report('nothing_annotated', this.file, message);
    }
  }

  /** How the boxes are stated that are the only thing to mark their region. */
  private formOf(annotations: readonly unknown[], byId: ReadonlyMap<string, Image[]>): BoxForm {
    const boxes = annotations.map(toRecord).flatMap((record) => {
      const [image] = byId.get(this.imageIdOf(record ?? {}, byId) ?? '') ?? [];
      const { segmentation, bbox, area, bbox_mode: mode } = record ?? {};
      const size = toSize(image?.record['width'], image?.record['height']);
      return record === undefined || (toList(segmentation)?.length ?? 0) > 0 ? [] : [{ bbox, area, mode, size }];
    });
    const { form, reason } = boxForm(boxes);
    if (reason !== null) {
      const name = form.corners ? 'two corners' : 'fractions of the image';
      this.collector.report('box_form', this.file, `The boxes are taken as ${name}: ${reason}.`);
    }
    return form;
  }

  private listImages(): Image[] {
    return (toList(this.value['images']) ?? []).flatMap((entry, index) => {
      const record = toRecord(entry);
      const name = nameOf(record);
      const id = toId(record?.['id']);
      if (record === undefined || name === undefined) {
        this.collector.report('bad_row', `${this.file}, image ${index}`, 'The record names no image; it is left out.');
        this.collector.lose(`${this.file}, image ${index} names no image`);
        return [];
      }
      if (id === undefined) {
        const message = `The record of ${name} has no id, so none of its annotations can be found.`;
        this.collector.report('bad_row', `${this.file}, image ${index}`, message);
        this.collector.state({ ...this.placed(name), doubts: [`${this.file}, image ${index} has no id`] });
        return [];
      }
      return [{ id, name, record }];
    });
  }

  private readCategories(): void {
    for (const [index, entry] of (toList(this.value['categories']) ?? []).entries()) {
      const record = toRecord(entry);
      const plain = toText(entry);
      const [id, name] = plain === undefined ? [toId(record?.['id']), toText(record?.['name'])] : [plain, plain];
      if (id === undefined || name === undefined) {
        const message = 'The category has no id or no name; its annotations are of the type "anomaly".';
        this.collector.report('bad_row', `${this.file}, category ${index}`, message);
      } else {
        this.names.set(id, name.slice(0, annotationLimits.typeLength));
      }
    }
  }

  private readAnnotation(value: unknown, index: number, byId: ReadonlyMap<string, Image[]>): void {
    const where = `${this.file}, annotation ${index}`;
    const record = toRecord(value);
    const imageId = this.imageIdOf(record ?? {}, byId);
    if (record === undefined || imageId === undefined || !byId.has(imageId)) {
      const reason =
        imageId === undefined
          ? 'does not say which image it is about'
          : `refers to an image (${imageId.slice(0, 80)}) that the file does not list`;
      // It may be about any of them, so none that seems to have no annotation is known to be normal.
      this.collector.report(
        'bad_row',
        where,
        `The annotation ${reason}; images of the file without another are unlabelled.`,
      );
      this.collector.doubt(this.file, `${where} ${reason}`);
      return;
    }
    const marks = this.marks.get(imageId) ?? { shapes: [], classes: [], doubts: [] };
    this.marks.set(imageId, marks);
    const category = toId(record['category_id']);
    const label =
      (category === undefined ? undefined : this.names.get(category)) ??
      toText(record['category_name'], 120) ??
      'anomaly';
    const geometry = cocoGeometry(
      { segmentation: record['segmentation'], bbox: record['bbox'], isBox: record['box'] === true },
      label,
      this.form,
    );
    if (geometry === undefined) {
      marks.classes.push(label);
    } else if ('unreadable' in geometry) {
      this.collector.report('bad_row', where, `The annotation cannot be read: ${geometry.unreadable}.`);
      marks.doubts.push(`${where}: ${geometry.unreadable}`);
    } else {
      marks.shapes.push(geometry);
    }
  }

  /** The id as listed; tools that have none write the image's name. */
  private imageIdOf(record: Readonly<Record<string, unknown>>, byId: ReadonlyMap<string, Image[]>): string | undefined {
    const id = toId(record['image_id']) ?? nameOf(record);
    if (id === undefined || byId.has(id)) {
      return id;
    }
    const named = this.images.filter(({ name }) => name === id || path.posix.parse(name).name === id);
    return named.length === 1 ? named[0]?.id : id;
  }

  private stateImage({ name, record }: Image, marks: Marks | undefined, isLookedAt: boolean): void {
    const own = itemFieldsSchema.safeParse(record['looktwice']);
    const doubts = marks?.doubts ?? [];
    if (record['looktwice'] !== undefined && !own.success) {
      doubts.push(`${this.file}: the field "looktwice" is damaged`);
      this.collector.report('bad_row', `${this.file}, ${name}`, 'The field "looktwice" of the image cannot be read.');
    }
    this.collector.state({
      ...this.placed(name),
      ...marks,
      size: toStatedSize(record['width'], record['height']),
      doubts,
      isLookedAt,
      own: own.data satisfies ItemFields | undefined,
    });
  }

  private placed(name: string) {
    const split = splitOf(this.file);
    return { image: name, source: this.file, split, folders: places(this.file, split) };
  }
}

/** A description, or a picture of all segments: nothing that marks a region here. */
function isCaption(value: unknown): boolean {
  const record = toRecord(value);
  return record !== undefined && ('caption' in record || 'segments_info' in record) && !('category_id' in record);
}

/** train, val or test if the label file's path says so. */
function splitOf(file: string): string | null {
  const words = file.split(/[^A-Za-z]+/);
  return words.map(splitOfWord).find((split) => split !== null) ?? null;
}

/**
 * Where COCO sets keep an image: as named, beside the label file, in `images/` or (FiftyOne) `data/`, or in the folder
 * of the split or of CVAT's subset (`instances_default.json`: `images/default/`).
 */
function places(file: string, split: string | null): string[] {
  const folder = path.posix.dirname(file);
  const year = /((?:train|val|test)\d{4})/.exec(file)?.[1];
  const subset = /(?:^|\/)instances_([^/]+)\.json$/i.exec(file)?.[1];
  const inner = [split, year, subset].flatMap((name) => (name ? [name, `images/${name}`] : []));
  return ['.', folder, 'images', 'data', ...inner, path.posix.join(folder, 'images'), path.posix.join(folder, 'data')];
}
