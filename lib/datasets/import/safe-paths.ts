import type { ImportItem, ImportProblem } from './types';

/**
 * What ends lines, parts folders on other systems, or means a drive there: an item's path comes back out in lists,
 * archives and exports.
 */
const UNSAFE = /[\u0000-\u001f\u007f\u0085\u2028\u2029\\]|(?<=^[A-Za-z]):/g;

/**
 * Items whose names could not be written into a list or an archive get one that can, and are reported; the others keep
 * theirs.
 */
export function withSafePaths(items: readonly ImportItem[]): { items: ImportItem[]; problems: ImportProblem[] } {
  const taken = new Set(items.map(({ path }) => path));
  const problems: ImportProblem[] = [];
  const safe = items.map((item) => {
    const wanted = item.path.replace(UNSAFE, '_');
    if (wanted === item.path) {
      return item;
    }
    let path = wanted;
    for (let number = 2; taken.has(path); number += 1) {
      path = wanted.replace(/(\.[^./]*)?$/, (ending) => `_${number}${ending}`);
    }
    taken.add(path);
    const message = `The name has a line break, a backslash or another sign that archives and lists cannot hold: the item is called ${path}.`;
    problems.push({ code: 'renamed', place: wanted, message });
    return { ...item, path };
  });
  return { items: safe, problems };
}
