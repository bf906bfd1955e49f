import path from 'node:path';
import { sniffImage } from '@/lib/vision/sniff';
import { type Foreign, foreignFile, LABEL_ENDINGS } from '../endings';
import { isImageName } from './set-asides';
import { someNamed } from './some-named';
import type { DatasetTree } from './tree';
import type { DatasetProblem } from './types';

/**
 * So many files of a kind in one folder are named each; more are reported together, as the arrays are that some tools
 * write beside every image.
 */
const MOST_SINGLE = 20;

/**
 * Files that come with a set and are about its making: programs, settings, documents, models and what trainers keep.
 */
const COMPANIONS =
  /\.(md|rst|html?|css|js|py|ipynb|sh|bat|m|cpp|hpp?|cfg|ini|toml|conf|log|lock|pdf|docx?|pptx?|rtf|bib|cff|cache|bak|tmp|pth?|onnx|ckpt|weights|md5|sha\d*|url|lnk|ttf)$/i;

/**
 * Files whose name ends as nothing known does, in one sentence for images and one for the rest: an image that lost its
 * ending is one of the set.
 */
async function oddFiles(tree: DatasetTree): Promise<(Foreign & { file: string })[]> {
  const found: (Foreign & { file: string })[] = [];
  for (const file of await tree.walk()) {
    const ending = path.posix.extname(file).toLowerCase();
    if (isImageName(file) || LABEL_ENDINGS.has(ending) || COMPANIONS.test(file) || foreignFile(file) !== undefined) {
      continue;
    }
    const mime = sniffImage(Buffer.from(await tree.head(file), 'latin1'));
    if (mime !== undefined) {
      const kind = mime.replace('image/', '');
      const message = `The file is an image without an image's ending: add .${kind} to its name and import again.`;
      found.push({ file, code: 'unread_format', message });
    } else if (ending !== '' && !/^(readme|licen[cs]e|thumbs\.db|desktop\.ini|~\$)/i.test(path.posix.basename(file))) {
      const message = 'The file is neither an image nor a label file that is known: it is not looked at.';
      found.push({ file, code: 'not_needed', message });
    }
  }
  return found;
}

/**
 * What lies in a set's folder and no reader looks at: links that lead out of it, devices, positions in space, and label
 * files, pictures, films and archives in formats that are not read.
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
  const known = (await tree.walk()).flatMap((file) => {
    const found = foreignFile(file);
    return found === undefined ? [] : [{ file, ...found }];
  });
  for (const { file, code, message } of [...known, ...(await oddFiles(tree))]) {
    const key = `${path.posix.dirname(file)}\n${message}`;
    const files = foreign.get(key)?.files ?? [];
    files.push(file);
    foreign.set(key, { code, message, files });
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
