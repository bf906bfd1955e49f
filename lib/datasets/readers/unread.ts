import { foreignLabels } from '../endings';
import type { DatasetTree } from './tree';
import type { DatasetProblem } from './types';

/**
 * What lies in a set's folder and no reader looks at: links that lead out of it, devices, positions in space, and label files in formats that are not read.
 * @param below the folder in it that the set is (''; or 'wrapper/set/'), which the places of problems leave out
 */
export async function unreadOf(tree: DatasetTree, below = ''): Promise<DatasetProblem[]> {
  const placeOf = (file: string) => (file.startsWith(below) ? file.slice(below.length) : file);
  const entries = [...(await tree.leftOut())].map(([file, { code, message }]) => ({
    code,
    where: placeOf(file),
    message,
  }));
  const foreign = (await tree.walk()).flatMap((file): DatasetProblem[] => {
    const message = foreignLabels(file);
    return message === undefined ? [] : [{ code: 'bad_file', where: placeOf(file), message }];
  });
  return [...entries, ...foreign];
}
