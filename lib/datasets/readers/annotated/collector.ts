import type { Shape } from '../../annotations/shapes';
import { statedFields } from '../../annotations/item-fields';
import { annotationLimits, importLimits, type Label, type TextAnnotation } from '../../contract';
import type { ImportItem, ImportProblem } from '../../import/types';
import { commonLabel, isMaskFolder, labelOfFolders } from '../label-words';
import { MaskIndex } from '../mask-index';
import { tellNotLabelled } from '../not-labelled';
import { type DatasetTree, isImageName } from '../tree';
import { DatasetError } from '../types';
import { anomalousShapes, decideLabel } from './decide-label';
import { byMaskMessage, foundMasks, type FoundMasks } from './found-masks';
import { fileAt, gather, type Gathered } from './gather';
import { type Joined, joinFormats, type Standing } from './join-formats';
import type { Statement } from './statement';

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
    const images = await gather(
      { tree: this.tree, masks: await this.masks(), report: (...told) => this.report(...told) },
      this.statements,
    );
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
      if (joined === 'contradiction' || joined === 'doubt') {
        this.items.set(place, { ...(own ?? item), label: 'unlabelled' });
        this.standing.set(place, joined === 'doubt' ? 'doubted' : 'contradicted');
      }
      if (joined === 'doubt') {
        const message = `One label file says normal, but what those in the ${format} format say cannot be read: the image is unlabelled.`;
        this.report('unlabelled', place, message);
      } else if (joined === 'contradiction') {
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
    this.tellUnread(other);
  }

  /** Reports the rows and files that another format's reader could not read. */
  private tellUnread({ problems }: AnnotatedCollector): void {
    const keyOf = ({ code, place, message }: ImportProblem) => `${code}\n${place}\n${message}`;
    const known = new Set(this.problems.map(keyOf));
    const unread = problems.filter((each) => ['bad_row', 'bad_file'].includes(each.code) && !known.has(keyOf(each)));
    unread.forEach((problem) => this.problems.push(problem));
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

  private async foundMasks(place: string, open: Parameters<typeof foundMasks>[2]): Promise<FoundMasks> {
    const { tree, images } = this;
    const found = await foundMasks({ tree, images, masks: await this.masks() }, place, open);
    this.labelledByMask += found.byMask === undefined ? 0 : 1;
    return found;
  }

  private joined(item: ImportItem): Joined {
    return { item, standing: this.standing.get(item.path) ?? 'said' };
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
    const vague = statements.flatMap((each) => (each.isVague === true ? (each.doubts ?? []) : []));
    const isVague = vague.length === doubts.length;
    const lack = isVague ? 'vague' : 'doubted';
    const standing = isContradicted ? 'contradicted' : isOpen ? 'open' : doubts.length > 0 ? lack : 'said';
    this.standing.set(place, own !== undefined ? 'own' : standing);
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
        // The end of a mask's path may be that of its image.
        const match = index.findWhole(name, folders) ?? index.findEnd(name, (file) => file !== place);
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
      const { file } = await fileAt(this.tree, place);
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

const anomalousClasses = (classes: readonly string[]): { label: string }[] =>
  anomalousShapes(classes.map((label) => ({ kind: 'line', label, unit: 'px', points: [] }))).map(({ label }) => ({
    label,
  }));
