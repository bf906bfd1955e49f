import path from 'node:path';
import { type DatasetTree } from './tree';
import { type DatasetItem, type DatasetProblem } from './types';

/** An item as a reader states it, paths below the root. */
export type StatedItem = Omit<DatasetItem, 'id' | 'path' | 'masks'> & { image: string; masks?: readonly string[] };

/**
 * Gathers what a reader states: checks that files exist inside the root, keeps the rest and names what is wrong.
 */
export class Collector {
  readonly items: DatasetItem[] = [];
  readonly problems: DatasetProblem[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly tree: DatasetTree) {}

  /** @param expectsMask true if an anomalous image without a mask is worth a problem (false where the set has no masks at all) */
  async add({ image, masks = [], ...rest }: StatedItem, expectsMask: boolean): Promise<void> {
    const id = path.posix.normalize(image.replaceAll('\\', '/'));
    const located = await this.tree.locate(image);
    if (located === 'unsafe') {
      this.report('unsafe_path', image, 'The image lies outside the data set; the row is left out.');
      return;
    }
    if (located === undefined) {
      this.report('missing_image', id, 'The image does not exist; it is left out.');
      return;
    }
    if (this.seen.has(id)) {
      this.report('duplicate', id, 'The image is listed twice; the first counts.');
      return;
    }
    this.seen.add(id);
    const found: string[] = [];
    for (const mask of masks) {
      const at = await this.tree.locate(mask);
      if (at === undefined || at === 'unsafe') {
        const reason = at === 'unsafe' ? 'lies outside the data set' : 'does not exist';
        this.report(at === 'unsafe' ? 'unsafe_path' : 'missing_mask', mask, `The mask of ${id} ${reason}.`);
      } else {
        found.push(at);
      }
    }
    if (rest.label === 1 && masks.length === 0 && expectsMask) {
      this.report('missing_mask', id, 'The anomalous image has no mask; it counts for image metrics only.');
    }
    this.items.push({ id, path: located, ...rest, masks: rest.label === 1 ? found : [] });
  }

  report(code: DatasetProblem['code'], where: string, message: string): void {
    this.problems.push({ code, where, message });
  }
}
