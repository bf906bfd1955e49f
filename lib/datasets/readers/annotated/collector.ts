import path from 'node:path';
import type { Size } from '../../annotations/fit';
import type { ItemFields } from '../../annotations/item-fields';
import type { Shape } from '../../annotations/shapes';
import { statedFields } from '../../annotations/item-fields';
import { annotationLimits, type Exchange, importLimits, type Label, type TextAnnotation } from '../../contract';
import type { ImportItem, ImportProblem } from '../../import/types';
import { commonLabel, isMaskFolder, labelOfFolders } from '../label-words';
import { MaskIndex } from '../mask-index';
import type { NameIndex } from '../name-index';
import { tellNotLabelled } from '../not-labelled';
import { type DatasetTree, isImageName } from '../tree';
import { DatasetError } from '../types';
import { anomalousShapes, decideLabel } from './decide-label';
import { type Joined, joinFormats, type Standing } from './join-formats';

/** What one record of a label file says about one image. Absent fields say nothing. */
export type Statement = {
  /** The image as the label file names it. */
  image: string;
  /** The name to look for where there is no such image: that of the label file, which was renamed with its image while the name inside stayed. */
  orImage?: string | undefined;
  /** Folders below the root in which it may be; the set's own folder if absent. */
  folders?: readonly string[];
  /** The label file; two names in one file are two images. */
  source: string;
  /** Size of the picture that was annotated, in px. */
  size?: Size | undefined;
  shapes?: readonly Shape[];
  /** Classes of annotations without a region. */
  classes?: readonly string[];
  label?: Label | undefined;
  /** Why an annotation of the image could not be read. */
  doubts?: readonly string[];
  /** Somebody looked at the image: without an annotation it is normal. */
  isLookedAt?: boolean;
  defectType?: string | null;
  category?: string | null;
  split?: string | null;
  text?: Partial<TextAnnotation>;
  exchanges?: readonly Exchange[];
  /** Mask pictures, named as the image is. */
  masks?: readonly string[];
  /** Whether the image is anomalous is for its masks to say. */
  isLabelledByMask?: boolean;
  /** What our own export says. */
  own?: ItemFields | undefined;
};

type Found = { path: string; file: string };
type Gathered = Found & { statements: Statement[] };

/**
 * Gathers what the readers of annotated formats state, finds the images (lib/datasets/readers/name-index) and joins what several records and files say about one. What cannot be
 * read makes its image unlabelled, and every image of the set that no record names is unlabelled too.
 */
export class AnnotatedCollector {
  readonly items = new Map<string, ImportItem>();
  readonly problems: ImportProblem[] = [];
  private readonly statements: Statement[] = [];
  /** Sources of which a record could not even be told which image it is about, with the reason. */
  private readonly doubted = new Map<string, string>();
  /** Somebody annotated something somewhere in the set. */
  private isAnnotated = false;

  /** Why a record is lost, of the first one. */
  private lost: string | undefined;
  private labelledByMask = 0;
  private readonly standing = new Map<string, Standing>();
  /** The images that records name. */
  private images: ReadonlySet<string> = new Set();
  private indexed: Promise<MaskIndex> | undefined;

  constructor(readonly tree: DatasetTree) {}

  private masks(): Promise<MaskIndex> {
    this.indexed ??= MaskIndex.of(this.tree, false);
    return this.indexed;
  }

  state(statement: Statement): void {
    this.statements.push(statement);
    const { shapes = [], classes = [], masks = [], exchanges = [], own, label } = statement;
    const said = shapes.length + classes.length + masks.length + exchanges.length;
    this.isAnnotated ||= said > 0 || own !== undefined || label !== undefined;
  }

  /** An annotation that may be about any image of its file: what would be normal there is unlabelled. `source` '*': of the whole set. */
  doubt(source: string, reason: string): void {
    this.doubted.set(source, reason);
  }

  /** A record of which nobody can tell what image it is about: an image that no record names may be its own, whatever its folder says. */
  lose(reason: string): void {
    this.lost ??= reason;
  }

  report(code: string, place: string, message: string): void {
    this.problems.push({ code, place: place.slice(0, 1024), message });
  }

  /** Joins everything that was stated into items. Call it once, when all is stated. */
  async join(): Promise<void> {
    const images = await this.gather();
    if (images.size > importLimits.items) {
      throw new DatasetError(`The set has more than ${importLimits.items} images: split it into several.`);
    }
    this.images = new Set(images.keys());
    for (const gathered of images.values()) {
      this.items.set(gathered.path, await this.toItem(gathered));
    }
  }

  /**
   * Joins with what label files of another format say about the same images (`joinFormats`). An image that they call anomalous is not normal; one that nothing here labels is as they say, and what is
   * marked there alone is marked.
   * @param other joined already
   */
  compare(other: AnnotatedCollector, format: string): void {
    let taken = 0;
    const settled = new Set<string>();
    for (const [place, item] of other.items) {
      const own = this.items.get(place);
      const joined = joinFormats(own && this.joined(own), other.joined(item));
      if (joined === 'contradiction') {
        this.items.set(place, { ...(own ?? item), label: 'unlabelled' });
        this.standing.set(place, 'contradicted');
        const message = `One label file says normal, those in the ${format} format say anomalous: the image is unlabelled.`;
        this.report('contradiction', place, message);
      } else if (joined !== undefined) {
        taken += joined.label === 'unlabelled' ? 0 : 1;
        settled.add(place);
        this.items.set(place, joined);
        this.standing.set(place, other.standing.get(place) ?? 'said');
      }
    }
    if (taken > 0) {
      this.isAnnotated = true;
      const message = `${taken} ${taken === 1 ? 'image is' : 'images are'} labelled or marked by files in the ${format} format.`;
      this.report('other_format', 'the set', message);
    }
    this.settle(settled);
  }

  /** Takes back what was told of images for want of what another format says. */
  private settle(places: ReadonlySet<string>): void {
    const isTold = ({ code, place }: ImportProblem) => ['unlabelled', 'no_region'].includes(code) && places.has(place);
    const kept = places.size === 0 ? this.problems : this.problems.filter((problem) => !isTold(problem));
    if (kept.length < this.problems.length) {
      this.problems.length = 0;
      kept.forEach((problem) => this.problems.push(problem));
    }
  }

  private joined(item: ImportItem): Joined {
    return { item, standing: this.standing.get(item.path) ?? 'said' };
  }

  private async gather(): Promise<Map<string, Gathered>> {
    const index = await this.tree.imageIndex();
    const masks = await this.masks();
    const images = new Map<string, Gathered>();
    const namesOf = new Map<string, Map<string, string>>();
    const put = (statement: Statement, found: Found) => {
      const gathered = images.get(found.path) ?? { ...found, statements: [] };
      gathered.statements.push(statement);
      images.set(found.path, gathered);
      const names = namesOf.get(found.path) ?? new Map<string, string>();
      names.set(statement.source, statement.image);
      namesOf.set(found.path, names);
    };
    const rest: Statement[] = [];
    for (const statement of this.statements) {
      const found = await this.findWhole(index, statement);
      if (found === undefined) {
        rest.push(statement);
      } else {
        put(statement, found);
      }
    }
    // Ends of paths are compared last, and give no file that another name of the same label file has already.
    const wanted = new Map<string, Set<string>>();
    const matches = rest.map((statement) => {
      const isFree = (file: string) => {
        const taken = namesOf.get(file)?.get(statement.source);
        return taken === undefined || taken === statement.image;
      };
      const { image, orImage = '', folders = [] } = statement;
      // A mask in `SegmentationClass/` has its image's name.
      const isImage = (file: string) => !masks.has(file);
      const byStem = (name: string) => {
        const found = index.findStem(name, folders, isImage);
        return found !== undefined && 'path' in found && !isFree(found.path) ? undefined : found;
      };
      const byEnd = () => index.findEnd(image, (file) => isFree(file) && isImage(file)) ?? index.findEnd(image, isFree);
      // The folders tell files of one name apart, so that they come first where the name has no ending.
      const isBare = path.posix.extname(image) === '';
      const match =
        (isBare ? (byStem(image) ?? byEnd()) : (byEnd() ?? byStem(image))) ??
        (orImage === '' ? undefined : byStem(orImage));
      if (match !== undefined && 'path' in match) {
        const key = `${statement.source}\n${match.path}`;
        wanted.set(key, (wanted.get(key) ?? new Set()).add(statement.image));
      }
      return { statement, match };
    });
    for (const { statement, match } of matches) {
      const rivals =
        match !== undefined && 'path' in match ? wanted.get(`${statement.source}\n${match.path}`) : undefined;
      if (match === undefined) {
        this.reportMissing(statement.image);
      } else if ('among' in match || (rivals?.size ?? 0) > 1) {
        const places = 'among' in match ? match.among.slice(0, 3) : [...(rivals ?? [])].slice(0, 3);
        this.report(
          'ambiguous_name',
          statement.image,
          `The name fits several images alike (${places.join(', ')}); what is said about it is left out.`,
        );
        for (const file of 'among' in match ? match.among : [match.path]) {
          put(
            { source: statement.source, image: file, doubts: ['a label file’s name fits it and others'] },
            await this.at(file),
          );
        }
      } else {
        put(statement, await this.at(match.path));
      }
    }
    return images;
  }

  private reportMissing(image: string): void {
    const isOutside = /^([a-z]:)?[\\/]|(^|[\\/])\.\.([\\/]|$)/i.test(image);
    this.report(
      isOutside ? 'unsafe_path' : 'missing_image',
      image,
      isOutside
        ? 'The path leads out of the set, and no image in it has that name; it is left out.'
        : 'The image does not exist in the set; it is left out.',
    );
  }

  private async findWhole(index: NameIndex, { image, folders = ['.'] }: Statement): Promise<Found | undefined> {
    const match = index.findWhole(image, folders);
    if (match !== undefined && 'path' in match) {
      return this.at(match.path);
    }
    // Links inside the set, and files without an image's ending, are not in the index.
    for (const folder of folders) {
      const place = path.posix.join(folder, image.replaceAll('\\', '/'));
      const file = await this.tree.locate(place);
      if (file !== undefined && file !== 'unsafe' && (await this.tree.hasFile(place))) {
        return { path: place, file };
      }
    }
    return undefined;
  }

  private async at(place: string): Promise<Found> {
    const file = await this.tree.locate(place);
    if (file === undefined || file === 'unsafe') {
      throw new DatasetError(`${place} went away while the set was read: import it again.`);
    }
    return { path: place, file };
  }

  private async toItem({ path: place, file, statements }: Gathered): Promise<ImportItem> {
    const last = <Key extends keyof Statement>(key: Key): Statement[Key] | undefined =>
      statements.findLast((statement) => statement[key] !== undefined && statement[key] !== null)?.[key];
    const own = last('own');
    const shapes = this.distinct(place, statements);
    const classes = statements.flatMap((statement) => statement.classes ?? []);
    const doubts = this.doubtsOf(statements);
    const named = await this.masksOf(place, statements);
    const labels = statements.flatMap(({ label }) => label ?? []);
    const isLookedAt = this.isAnnotated && statements.some((statement) => statement.isLookedAt === true);
    const decided = decideLabel({ shapes, classes, labels, isDoubted: doubts.length > 0, isLookedAt });
    let label: Label = decided === 'contradiction' ? 'unlabelled' : decided;
    if (own !== undefined && !(own.label === 'normal' && doubts.length > 0)) {
      label = own.label;
    } else if (decided === 'contradiction') {
      this.report('contradiction', place, 'The label files say both normal and anomalous: the image is unlabelled.');
    } else if (label === 'normal' && !labels.includes('normal') && labelOfFolders(place) === 'anomalous') {
      label = 'unlabelled';
      const message = 'Its label file marks nothing, its folder says anomalous: the image is unlabelled.';
      this.report('contradiction', place, message);
    }
    if (label === 'unlabelled' && doubts.length > 0) {
      const reasons = [...new Set(doubts)].slice(0, 3).join('; ');
      this.report(
        'unlabelled',
        place,
        `The image is unlabelled, since an annotation of it cannot be read: ${reasons}.`,
      );
    }
    const drawn = anomalousShapes(shapes);
    const isOpen = doubts.length === 0 && decided === 'unlabelled' && !labels.includes('unlabelled');
    const isContradicted = decided === 'contradiction' || (label === 'unlabelled' && decided === 'normal');
    this.standing.set(
      place,
      own !== undefined
        ? 'own'
        : isContradicted
          ? 'contradicted'
          : isOpen
            ? 'open'
            : doubts.length > 0
              ? 'doubted'
              : 'said',
    );
    const isSaid = labels.includes('normal') || shapes.length + classes.length > 0;
    const found =
      own === undefined && named.length + drawn.length === 0
        ? await this.foundMasks(place, { label, isSaid, isOpen })
        : { label, masks: named };
    label = found.label;
    const { masks } = found;
    const kinds = [...drawn, ...anomalousClasses(classes)];
    if (label === 'anomalous' && drawn.length === 0 && masks.length === 0 && classes.length > 0) {
      this.report('no_region', place, 'The annotation names a defect but marks no region: the image has no mask.');
    }
    return {
      file,
      size: last('size') ?? null,
      split: last('split') ?? null,
      category: last('category') ?? null,
      text: Object.assign({}, ...statements.map(({ text }) => text ?? {})) as Partial<TextAnnotation>,
      exchanges: statements.flatMap(({ exchanges }) => exchanges ?? []).slice(0, annotationLimits.exchanges),
      defectType: last('defectType') ?? (label === 'anomalous' ? commonLabel(kinds) : null),
      ...(own !== undefined && statedFields(own)),
      label,
      masks,
      ...(masks.length > 0 && statements.some((each) => each.isLabelledByMask === true) && { isLabelledByMask: true }),
      ...found.byMask,
      shapes: own === undefined ? drawn : shapes,
      path: place,
    };
  }

  /** Regions that are stated twice, as trackers and tools that join files leave them, count once. */
  private distinct(place: string, statements: readonly Statement[]): Shape[] {
    const shapes = new Map<string, Shape>();
    let repeated = 0;
    for (const shape of statements.flatMap((statement) => statement.shapes ?? [])) {
      const key = shape.kind === 'pixels' ? `${shapes.size} pixels` : JSON.stringify(shape);
      repeated += shapes.has(key) ? 1 : 0;
      shapes.set(key, shape);
    }
    if (repeated > 0) {
      this.report('repeated', place, `${repeated} annotations of the image are stated twice; each counts once.`);
    }
    return [...shapes.values()];
  }

  private doubtsOf(statements: readonly Statement[]): string[] {
    const sources = new Set(['*', ...statements.map(({ source }) => source)]);
    const general = [...sources].flatMap((source) => this.doubted.get(source) ?? []);
    return [...statements.flatMap(({ doubts }) => doubts ?? []), ...general];
  }

  private async masksOf(place: string, statements: readonly Statement[]): Promise<string[]> {
    const index = await this.tree.imageIndex();
    const masks: string[] = [];
    for (const { masks: names = [], folders = ['.'] } of statements) {
      for (const name of names) {
        const match = index.findWhole(name, folders) ?? index.findEnd(name);
        const found = match !== undefined && 'path' in match ? await this.tree.locate(match.path) : undefined;
        if (found === undefined || found === 'unsafe') {
          this.report('missing_mask', name, `The mask of ${place} does not exist in the set.`);
        } else {
          masks.push(found);
        }
      }
    }
    return masks;
  }

  /**
   * The masks that lie in folders of masks under the image's name, with what they make of its label: they decide where nobody said anything, and speak against "normal" where somebody did. Without one the
   * label stays.
   */
  private async foundMasks(
    place: string,
    { label, isSaid, isOpen }: { label: Label; isSaid: boolean; isOpen: boolean },
  ): Promise<{ label: Label; masks: string[]; byMask?: { isLabelledByMask: true } }> {
    const { masks: names, isSure } = (await this.masks()).find(place);
    // A folder called like one of masks may hold images, which label files name.
    const unnamed = isSure ? names.filter((name) => !this.images.has(name)) : [];
    const masks = await Promise.all(unnamed.map(async (name) => (await this.at(name)).file));
    if (masks.length === 0 || (label === 'unlabelled' && !isOpen)) {
      return { label, masks: [] };
    }
    if (label === 'anomalous' || (label === 'normal' && isSaid)) {
      return { label, masks };
    }
    this.labelledByMask += 1;
    return { label: 'anomalous', masks, byMask: { isLabelledByMask: true } };
  }

  /** Adds the images that no record names, at the end: unlabelled, unless their folder says more. Masks and the drawings of tools are left out. */
  async addOthers(): Promise<void> {
    if (!this.isAnnotated && this.items.size > 0) {
      this.report(
        'nothing_annotated',
        'the set',
        'The label files hold no annotation at all, so nobody can tell normal images from those that nobody looked at: all are unlabelled.',
      );
    }
    const used = new Set([...this.items.values()].flatMap((item) => item.masks));
    const masks = await this.masks();
    const others = (await this.tree.walk()).filter((file) => isImageName(file) && !this.items.has(file));
    const left = new Map<string, number>();
    const added: string[] = [];
    const named = new Map<string, number>();
    for (const place of others) {
      const folders = place.split('/').slice(0, -1);
      const folder = folders.join('/') || '.';
      const { file } = await this.at(place);
      if (used.has(file)) {
        continue;
      }
      if (folders.some(isMaskFolder) || masks.has(place)) {
        left.set(folder, (left.get(folder) ?? 0) + 1);
        continue;
      }
      let label: Label | undefined = labelOfFolders(place);
      const [doubt = this.lost] = this.doubted.values();
      if (label === 'normal' && doubt !== undefined) {
        // The annotation that cannot be read may be this image's.
        label = 'unlabelled';
        const message = `Its folder says normal, but an annotation that cannot be read may be about it: ${doubt}. The image is unlabelled.`;
        this.report('unlabelled', place, message);
      } else if (label !== undefined) {
        named.set(folder, (named.get(folder) ?? 0) + 1);
      }
      const isSaid = label !== undefined;
      const isOpen = !isSaid && doubt === undefined;
      const found = await this.foundMasks(place, { label: label ?? 'unlabelled', isSaid, isOpen });
      found.masks.forEach((mask) => used.add(mask));
      const isNotLabelled = !isSaid && found.label === 'unlabelled';
      if (isNotLabelled) {
        added.push(place);
      }
      const empty = { split: null, category: null, defectType: null, size: null, shapes: [] };
      const said = { label: found.label, masks: found.masks, ...found.byMask, ...(isNotLabelled && { isNotLabelled }) };
      this.items.set(place, { ...empty, ...said, path: place, file, text: {}, exchanges: [] });
    }
    if (this.labelledByMask > 0) {
      this.report('by_mask', 'the set', byMaskMessage(this.labelledByMask));
    }
    for (const [folder, count] of left) {
      const what = `${count} ${count === 1 ? 'picture' : 'pictures'} that no label file names, in a folder of masks or drawings`;
      this.report('unused_picture', folder, `${what}: left out.`);
    }
    tellNotLabelled(added).forEach(({ place, message }) => this.report('not_labelled', place, message));
    for (const [folder, count] of named) {
      const message = `${count} ${count === 1 ? 'image' : 'images'} that no label file names: labelled by the name of the folder.`;
      this.report('by_folder', folder, message);
    }
  }
}

/** What is told of images that their masks label. */
export const byMaskMessage = (count: number): string =>
  `${count} ${count === 1 ? 'image is labelled by its mask' : 'images are labelled by their masks'}: what a mask marks is anomalous, and an empty one says that its image is normal.`;

const anomalousClasses = (classes: readonly string[]): { label: string }[] =>
  anomalousShapes(classes.map((label) => ({ kind: 'line', label, unit: 'px', points: [] }))).map(({ label }) => ({
    label,
  }));
