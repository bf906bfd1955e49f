import { importLimits } from '../../contract';
import type { ImportItem, ImportProblem } from '../../import/types';
import { MaskIndex } from '../mask-index';
import { someNamed } from '../some-named';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';
import { byMaskMessage, foundMasks, type FoundMasks, type MaskSearch } from './found-masks';
import { gather } from './gather';
import { itemOf } from './item-of';
import { type Joined, joinFormats, type Standing } from './join-formats';
import { addOtherImages } from './other-images';
import type { Statement } from './statement';

/**
 * Gathers what the readers of annotated formats state, finds the images (lib/datasets/readers/name-index) and joins
 * what several records and files say about one. What cannot be read makes its image unlabelled, and every image of the
 * set that no record names is unlabelled too.
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
  /** The label file that names an image first, by the images that records name. */
  private readonly sources = new Map<string, string>();
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

  /** The label files that were read or of which something was told. */
  files(): string[] {
    const told = this.problems.map(({ place }) => place.replace(/, [a-z]+ [^,]*$/, ''));
    return [...new Set([...this.statements.map(({ source }) => source), ...told])];
  }

  /**
   * An annotation that may be about any image of its file: what would be normal there is unlabelled. `source` '*': of
   * the whole set.
   */
  doubt(source: string, reason: string): void {
    this.doubted.set(source, reason);
  }

  /**
   * A record of which nobody can tell what image it is about: an image that no record names may be its own, whatever
   * its folder says.
   */
  lose(reason: string): void {
    this.lost ??= reason;
  }

  readonly report = (code: string, place: string, message: string): void => {
    this.problems.push({ code, place: place.slice(0, 1024), message });
  };

  /** Joins everything that was stated into items. Call it once, when all is stated. */
  async join(): Promise<void> {
    const { tree, report, isAnnotated, doubted, findMasks } = this;
    const images = await gather({ tree, masks: await this.masks(), report }, this.statements);
    if (images.size > importLimits.items) {
      throw new DatasetError(`The set has more than ${importLimits.items} images: split it into several.`);
    }
    images.forEach(({ statements: [first] }, place) => this.sources.set(place, first?.source ?? ''));
    for (const gathered of images.values()) {
      const { item, standing } = await itemOf(gathered, { tree, report, isAnnotated, doubted, findMasks });
      this.items.set(gathered.path, item);
      this.standing.set(gathered.path, standing);
    }
  }

  /**
   * Joins with what label files of another format say about the same images (`joinFormats`). An image that they call
   * anomalous is not normal; one that nothing here labels is as they say, and what is marked there alone is marked.
   * @param other joined already
   */
  compare(other: AnnotatedCollector, format: string): void {
    let [taken, unmarked] = [0, 0];
    const settled = new Set<string>();
    for (const [place, item] of other.items) {
      const own = this.items.get(place);
      const joined = joinFormats(own && this.joined(own), other.joined(item));
      if (joined === 'contradiction' || joined === 'doubt') {
        const before = own?.label === 'anomalous' ? 'anomalous' : 'normal';
        this.items.set(place, { ...(own ?? item), label: 'unlabelled', defectType: null });
        this.standing.set(place, joined === 'doubt' ? 'doubted' : 'contradicted');
        const says = `One label file says ${before},`;
        const [code, rest] =
          joined === 'doubt'
            ? ['unlabelled', `but what those in the ${format} format say cannot be read`]
            : ['contradiction', `those in the ${format} format say ${before === 'normal' ? 'anomalous' : 'normal'}`];
        this.report(code, place, `${says} ${rest}: the image is unlabelled.`);
      } else if (joined === 'unmarked') {
        unmarked += 1;
      } else if (joined !== undefined) {
        taken += joined.label === 'unlabelled' ? 0 : 1;
        settled.add(place);
        this.items.set(place, joined);
        this.standing.set(place, other.standing.get(place) ?? 'said');
        this.sources.set(place, other.sources.get(place) ?? '');
      }
    }
    const count = (images: number) => `${images} ${images === 1 ? 'image is' : 'images are'}`;
    if (taken > 0) {
      this.isAnnotated = true;
      const message = `${count(taken)} labelled or marked by files in the ${format} format.`;
      this.report('other_format', 'the set', message);
    }
    if (unmarked > 0) {
      const message = `${count(unmarked)} anomalous by one label file and left without a mark by those in the ${format} format: anomalous.`;
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

  private readonly findMasks = async (place: string, search: MaskSearch): Promise<FoundMasks> => {
    const { tree, sources: images } = this;
    const found = await foundMasks({ tree, images, masks: await this.masks() }, place, search);
    this.labelledByMask += found.byMask === undefined ? 0 : 1;
    return found;
  };

  private joined(item: ImportItem): Joined {
    return { item, standing: this.standing.get(item.path) ?? 'said' };
  }

  /**
   * Adds the images that no record names (`addOtherImages`), and tells of those that records name and nothing labels.
   * Call it once, at the end.
   */
  async addOthers(): Promise<void> {
    if (!this.isAnnotated && this.items.size > 0) {
      this.report(
        'nothing_annotated',
        'the set',
        'The label files hold no annotation at all, so nobody can tell normal images from those that nobody looked at: all are unlabelled.',
      );
    } else {
      this.tellOpen();
    }
    const { tree, report, findMasks } = this;
    const [doubt = this.lost] = this.doubted.values();
    await addOtherImages(this.items, { tree, masks: await this.masks(), report, findMasks, doubt });
    if (this.labelledByMask > 0) {
      this.report('by_mask', 'the set', byMaskMessage(this.labelledByMask));
    }
  }

  /** Tells of each label file which images it names and leaves unlabelled, unless it was told already. */
  private tellOpen(): void {
    const told = new Set(this.problems.map(({ place }) => place));
    const untouched = this.problems.flatMap(({ code, place }) => (code === 'nothing_annotated' ? place : []));
    const open = new Map<string, { talks: string[]; others: string[] }>();
    for (const [place, { label, exchanges }] of this.items) {
      const source = this.sources.get(place) ?? '';
      if (label === 'unlabelled' && !told.has(place) && !untouched.includes(source)) {
        const names = open.get(source) ?? { talks: [], others: [] };
        names[exchanges.length > 0 ? 'talks' : 'others'].push(place);
        open.set(source, names);
      }
    }
    for (const [source, { talks, others }] of open) {
      if (talks.length > 0) {
        const message = `What is said about ${someNamed(talks, 'image')} is neither normal nor anomalous for certain: unlabelled.`;
        this.report('unknown_answer', source, message);
      }
      if (others.length > 0) {
        this.report(
          'not_labelled',
          source,
          `The file names ${someNamed(others, 'image')} without a label: unlabelled.`,
        );
      }
    }
  }
}
