import path from 'node:path';
import { SIDECAR } from '../annotations/sidecar';
import { fitName } from '../fit-name';
import type { ExportEntry, ExportItem } from './types';

/**
 * Paths of an export's images: the items' own, but for those that another file system takes for one another (letter
 * case, the form of accents) or has no room for. What was renamed is kept in a file beside, so that the set comes back
 * under its own names.
 */
export class FreePaths {
  private readonly taken = new Set<string>();
  private readonly renamed: Record<string, object> = {};

  /** @returns the item's own path where that is free */
  pathOf({ path: own, fields }: Pick<ExportItem, 'path' | 'fields'>): string {
    const { dir, name, ext } = path.posix.parse(
      own
        .split('/')
        .map((part) => fitName(part))
        .join('/'),
    );
    for (let number = 1; ; number += 1) {
      const free = path.posix.join(dir, number === 1 ? `${name}${ext}` : fitName(`${name}_${number}${ext}`));
      const key = free.normalize('NFC').toLowerCase();
      if (!this.taken.has(key)) {
        this.taken.add(key);
        if (free !== own) {
          this.renamed[free] = { ...fields, path: own };
        }
        return free;
      }
    }
  }

  /** The file that tells the names of what was renamed; none when nothing was. */
  *sidecar(): Generator<ExportEntry> {
    if (Object.keys(this.renamed).length > 0) {
      yield { path: SIDECAR, content: { text: `${JSON.stringify(this.renamed, undefined, 1)}\n` } };
    }
  }
}
