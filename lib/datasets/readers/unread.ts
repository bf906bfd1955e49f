import path from 'node:path';
import { type Foreign, foreignFile } from '../endings';
import { someNamed } from './some-named';
import type { DatasetTree } from './tree';
import type { DatasetProblem } from './types';

/** So many files of a kind in one folder are named each; more are told together, as the arrays are that some tools write beside every image. */
const MOST_SINGLE = 20;

/**
 * What lies in a set's folder and no reader looks at: links that lead out of it, devices, positions in space, and label files, pictures, films and archives in formats that are not read.
 * @param below the folder in it that the set is (''; or 'wrapper/set/'), which the places of problems leave out
 */
export async function unreadOf(tree: DatasetTree, below = ''): Promise<DatasetProblem[]> {
  const placeOf = (file: string) => (file.startsWith(below) ? file.slice(below.length) : file);
  const entries = [...(await tree.leftOut())].map(([file, { code, message }]) => ({
    code,
    where: placeOf(file),
    message,
  }));
  const foreign = new Map<string, Foreign & { files: string[] }>();
  for (const file of await tree.walk()) {
    const found = foreignFile(file);
    if (found !== undefined) {
      const key = `${path.posix.dirname(file)}\n${found.message}`;
      const files = foreign.get(key)?.files ?? [];
      files.push(file);
      foreign.set(key, { ...found, files });
    }
  }
  const told = [...foreign].flatMap(([key, { code, message, files }]): DatasetProblem[] => {
    const [folder = ''] = key.split('\n');
    if (files.length <= MOST_SINGLE) {
      return files.map((file) => ({ code, where: placeOf(file), message }));
    }
    const which = someNamed(
      files.map((file) => path.posix.basename(file)),
      'file',
    );
    const where = placeOf(`${folder}/`).replace(/\/$/, '') || '.';
    return [{ code, where, message: `${which}: ${message.replace('The file is', 'each is')}` }];
  });
  return [...entries, ...told];
}
