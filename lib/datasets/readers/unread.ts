import path from 'node:path';
import { foreignLabels } from '../endings';
import { someNamed } from './some-named';
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
  const foreign = new Map<string, string[]>();
  for (const file of await tree.walk()) {
    const message = foreignLabels(file);
    if (message !== undefined) {
      const key = `${path.posix.dirname(file)}\n${message}`;
      foreign.set(key, [...(foreign.get(key) ?? []), file]);
    }
  }
  const told = [...foreign].map(([key, files]): DatasetProblem => {
    const [folder = '', message = ''] = key.split('\n');
    const [first = '', ...more] = files;
    const which = someNamed(
      files.map((file) => path.posix.basename(file)),
      'file',
    );
    return more.length === 0
      ? { code: 'bad_file', where: placeOf(first), message }
      : {
          code: 'bad_file',
          where: placeOf(`${folder}/`).replace(/\/$/, '') || '.',
          message: `${which} of a kind. ${message}`,
        };
  });
  return [...entries, ...told];
}
