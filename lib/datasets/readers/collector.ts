import path from 'node:path';
import { MaskIndex } from './mask-index';
import { tellNotLabelled } from './not-labelled';
import { someNamed } from './some-named';
import { type DatasetTree, isImageName } from './tree';
import { type DatasetItem, type DatasetProblem, type UnlabelledItem } from './types';

/** An item as a reader states it, paths below the root. `masks` 'find': those that the mask index has for it. */
export type StatedItem = Omit<DatasetItem, 'id' | 'path' | 'masks'> & {
  image: string;
  masks?: readonly string[] | 'find';
};

type Whose = { category: string | null; split: DatasetItem['split'] | null };
type Wanted = { item: DatasetItem; expectsMask: boolean };

/**
 * Gathers what the readers of laid-out sets state: finds the files inside the root, keeps the rest and names what is
 * wrong. A row that cannot be read makes its image unlabelled, and so is every image that nothing labels.
 */
export class Collector {
  readonly items: DatasetItem[] = [];
  readonly unlabelled: UnlabelledItem[] = [];
  readonly problems: DatasetProblem[] = [];
  private readonly seen = new Map<string, DatasetItem>();
  /** Images of which two rows say the opposite. */
  private readonly contradicted = new Set<DatasetItem>();
  private readonly doubted = new Map<string, Whose>();
  private readonly pending: { stated: StatedItem; expectsMask: boolean }[] = [];
  private readonly wanted: Wanted[] = [];
  private indexed: Promise<MaskIndex> | undefined;

  constructor(readonly tree: DatasetTree) {}

  /** The set's masks. */
  masks(): Promise<MaskIndex> {
    this.indexed ??= MaskIndex.of(this.tree, true);
    return this.indexed;
  }

  /** The images of a folder and all below it that are no masks. */
  async imagesBelow(folder: string): Promise<string[]> {
    const masks = await this.masks();
    return (await this.tree.images(folder)).filter((image) => !masks.has(image));
  }

  /**
   * @param expectsMask true if an anomalous image without a mask is worth a problem (false where the set has no masks
   * at all)
   */
  async add(stated: StatedItem, expectsMask: boolean): Promise<void> {
    const { image } = stated;
    const index = await this.tree.imageIndex();
    const match = index.findWhole(image);
    const id = match !== undefined && 'path' in match ? match.path : path.posix.normalize(image.replaceAll('\\', '/'));
    const located = await this.tree.locate(match !== undefined && 'path' in match ? match.path : image);
    if (located !== undefined && located !== 'unsafe') {
      await this.put(stated, id, located, expectsMask);
    } else if (index.findEnd(image) !== undefined) {
      // Names that only end like an image's are looked at last, since another row may have that image.
      this.pending.push({ stated, expectsMask });
    } else {
      this.reportMissing(image, id, located === 'unsafe');
    }
  }

  /** A row about an image that cannot be read: the image is unlabelled, unless another row labels it. */
  async doubt(image: string, whose: Partial<Whose> = {}): Promise<void> {
    const index = await this.tree.imageIndex();
    const match = index.findWhole(image) ?? index.findEnd(image);
    if (match !== undefined && 'path' in match) {
      this.doubted.set(match.path, { category: null, split: null, ...whose });
    }
  }

  report(code: DatasetProblem['code'], where: string, message: string): void {
    this.problems.push({ code, where, message });
  }

  /** Finds what is still to be found, and gathers the images that nothing labels. Call it once, at the end. */
  async finish(): Promise<void> {
    const index = await this.tree.imageIndex();
    const matches = this.pending.map((entry) => {
      const match = index.findEnd(entry.stated.image, (file) => !this.seen.has(file));
      return { ...entry, place: match !== undefined && 'path' in match ? match.path : undefined };
    });
    const users = new Map<string | undefined, number>();
    matches.forEach(({ place }) => users.set(place, (users.get(place) ?? 0) + 1));
    for (const { stated, expectsMask, place } of matches) {
      const located = place === undefined ? undefined : await this.tree.locate(place);
      const isShared = (users.get(place) ?? 0) > 1;
      if (place === undefined || located === undefined || located === 'unsafe' || isShared) {
        this.report(
          'ambiguous_name',
          stated.image,
          'No image has this name, and the end of it fits none or several: the row is left out.',
        );
      } else {
        await this.put(stated, place, located, expectsMask);
      }
    }
    await this.findMasks();
    this.dropContradicted();
    await this.addOthers();
  }

  private async put(
    { image: _, masks = [], ...rest }: StatedItem,
    id: string,
    located: string,
    expectsMask: boolean,
  ): Promise<void> {
    const first = this.seen.get(id);
    if (first !== undefined) {
      return this.repeat(first, rest.label, masks);
    }
    const item: DatasetItem = { id, path: located, ...rest, masks: [] };
    this.seen.set(id, item);
    this.items.push(item);
    if (masks === 'find') {
      this.wanted.push({ item, expectsMask });
      return;
    }
    item.masks = await this.namedMasks(id, masks);
    if (rest.label === 1 && masks.length === 0 && expectsMask) {
      this.reportUnmasked(id);
    }
  }

  private async repeat(first: DatasetItem, label: 0 | 1, masks: readonly string[] | 'find'): Promise<void> {
    if (first.label === label) {
      this.report('duplicate', first.id, 'The image is listed twice; the first counts.');
      return;
    }
    first.masks.push(...(masks === 'find' ? [] : await this.namedMasks(first.id, masks)));
    if (!this.contradicted.has(first)) {
      this.contradicted.add(first);
      this.report('contradiction', first.id, 'One row says normal, another anomalous: the image is unlabelled.');
    }
  }

  private async namedMasks(id: string, masks: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    const index = await this.tree.imageIndex();
    for (const mask of masks) {
      const match = index.findWhole(mask) ?? index.findEnd(mask, (file) => file !== id);
      const at = await this.tree.locate(match !== undefined && 'path' in match ? match.path : mask);
      if (at === undefined || at === 'unsafe') {
        const reason = at === 'unsafe' ? 'lies outside the data set' : 'does not exist';
        this.report(at === 'unsafe' ? 'unsafe_path' : 'missing_mask', mask, `The mask of ${id} ${reason}.`);
      } else {
        found.push(at);
      }
    }
    return found;
  }

  /** What nobody can tell is unlabelled; its masks are still its own. */
  private dropContradicted(): void {
    const kept = this.items.filter((item) => !this.contradicted.has(item));
    this.items.splice(0, this.items.length, ...kept);
    for (const { id, path: file, category, split } of this.contradicted) {
      this.unlabelled.push({ id, path: file, category, split });
    }
  }

  private async findMasks(): Promise<void> {
    const masks = await this.masks();
    const users = new Map<string, number>();
    const count = (mask: string, isSure: boolean) => users.set(mask, (users.get(mask) ?? 0) + (isSure ? 0 : 1));
    const all = this.wanted.map(({ item, expectsMask }) => ({
      item,
      expectsMask: expectsMask && item.label === 1,
      match: masks.find(item.id),
    }));
    const ofAnomalous = new Set(all.flatMap(({ item, match }) => (item.label === 1 ? match.masks : [])));
    for (const { item, match } of all) {
      if (item.label === 0 && !match.isSure) {
        // Most sets have masks of the anomalous images alone.
        match.masks = match.masks.filter((mask) => !ofAnomalous.has(mask));
      }
      match.masks.forEach((mask) => count(mask, match.isSure));
    }
    const found = all.filter(
      ({ item, match }) => item.label === 1 || match.isSure || match.masks.every((mask) => users.get(mask) === 1),
    );
    // `ground_truth/good/0.png` is of the tested image of that name, not of the one in `train/good`.
    const tested = new Set(found.flatMap(({ item, match }) => (item.split === 'test' ? match.masks : [])));
    for (const { item, expectsMask, match } of found) {
      if (item.label === 0 && item.split !== 'test') {
        match.masks = match.masks.filter((mask) => !tested.has(mask));
      }
      const own = match.isSure ? match.masks : match.masks.filter((mask) => users.get(mask) === 1);
      if (own.length < match.masks.length) {
        const names = match.masks.slice(0, 3).join(', ');
        this.report('ambiguous_name', item.id, `The mask ${names} fits several images alike: it is given to none.`);
      } else if (own.length === 0 && expectsMask) {
        this.reportUnmasked(item.id);
      }
      for (const mask of own) {
        const at = await this.tree.locate(mask);
        if (at !== undefined && at !== 'unsafe') {
          item.masks.push(at);
        }
      }
    }
  }

  private async addOthers(): Promise<void> {
    const masks = await this.masks();
    const used = new Set([...this.items, ...this.contradicted].flatMap((item) => item.masks));
    const unused = new Map<string, string[]>();
    const plain: string[] = [];
    for (const file of (await this.tree.walk()).filter(isImageName)) {
      const located = await this.tree.locate(file);
      if (this.seen.has(file) || located === undefined || located === 'unsafe' || used.has(located)) {
        continue;
      }
      const whose = this.doubted.get(file);
      if (whose !== undefined) {
        this.unlabelled.push({ id: file, path: located, ...whose });
      } else if (masks.has(file)) {
        const folder = path.posix.dirname(file);
        const names = unused.get(folder) ?? [];
        names.push(path.posix.basename(file));
        unused.set(folder, names);
      } else {
        this.unlabelled.push({ id: file, path: located, category: null, split: null, isNotLabelled: true });
        plain.push(file);
      }
    }
    for (const [folder, names] of unused) {
      this.report(
        'unused_picture',
        folder,
        `${someNamed(names, 'mask or drawing', 'masks or drawings')} of no image that has one: left out.`,
      );
    }
    tellNotLabelled(plain).forEach(({ place, message }) => this.report('not_labelled', place, message));
  }

  private reportMissing(image: string, id: string, isUnsafe: boolean): void {
    if (isUnsafe) {
      this.report('unsafe_path', image, 'The image lies outside the data set; the row is left out.');
    } else {
      this.report('missing_image', id, 'The image does not exist; it is left out.');
    }
  }

  private reportUnmasked(id: string): void {
    this.report('missing_mask', id, 'The anomalous image has no mask; it counts for image metrics only.');
  }
}
