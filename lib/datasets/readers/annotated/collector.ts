import path from 'node:path';
import { importLimits } from '../../contract';
import type { ImportItem, ImportProblem, StatedImage } from '../../import/types';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';

/** Gathers what the reader of an annotated format states: looks each file up inside the root, keeps the rest and names what is wrong. */
export class AnnotatedCollector {
  readonly items = new Map<string, ImportItem>();
  readonly problems: ImportProblem[] = [];

  constructor(private readonly tree: DatasetTree) {}

  /** @param candidates paths below the root under which the image may be; the first that exists counts */
  async add(candidates: readonly string[], stated: StatedImage): Promise<ImportItem | undefined> {
    const found = await this.find(candidates);
    if (found === undefined) {
      this.report('missing_image', candidates[0] ?? '', 'The image does not exist in the set; it is left out.');
      return undefined;
    }
    if (this.items.has(found.path)) {
      this.report('duplicate', found.path, 'The image is listed twice; the first counts.');
      return undefined;
    }
    if (this.items.size >= importLimits.items) {
      throw new DatasetError(`The set has more than ${importLimits.items} images: split it into several.`);
    }
    const masks: string[] = [];
    for (const mask of stated.masks ?? []) {
      const located = await this.find([mask]);
      if (located === undefined) {
        this.report('missing_mask', mask, `The mask of ${found.path} does not exist in the set.`);
      } else {
        masks.push(located.file);
      }
    }
    const item: ImportItem = {
      split: null,
      category: null,
      defectType: null,
      shapes: [],
      text: {},
      exchanges: [],
      ...stated,
      ...found,
      masks,
    };
    this.items.set(found.path, item);
    return item;
  }

  report(code: string, place: string, message: string): void {
    this.problems.push({ code, place, message });
  }

  private async find(candidates: readonly string[]): Promise<{ path: string; file: string } | undefined> {
    for (const candidate of candidates) {
      const file = await this.tree.locate(candidate);
      if (file === 'unsafe') {
        this.report('unsafe_path', candidate, 'The path leads out of the set; it is not followed.');
      } else if (file !== undefined && (await this.tree.hasFile(candidate))) {
        return { path: path.posix.normalize(candidate.replaceAll('\\', '/')), file };
      }
    }
    return undefined;
  }
}
