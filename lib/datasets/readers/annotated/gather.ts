import path from 'node:path';
import type { MaskIndex } from '../mask-index';
import type { NameIndex } from '../name-index';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';
import type { Statement } from './statement';

type Found = { path: string; file: string };
/** An image with all that is said of it. */
export type Gathered = Found & { statements: Statement[] };
type Report = (code: string, place: string, message: string) => void;
type Sources = { tree: DatasetTree; masks: MaskIndex; report: Report };

/**
 * Finds the images that statements are about, by their names (`NameIndex`), and gathers what is said of each. A name
 * that fits several images makes all of them doubtful.
 * @returns by the images' paths
 */
export async function gather(
  { tree, masks, report }: Sources,
  statements: readonly Statement[],
): Promise<Map<string, Gathered>> {
  const index = await tree.imageIndex();
  const images = new Map<string, Gathered>();
  const namesOf = new Map<string, Map<string, string>>();
  const put = (statement: Statement, found: Found) => {
    const gathered = images.get(found.path) ?? { ...found, statements: [] };
    gathered.statements.push(statement);
    images.set(found.path, gathered);
    const names = namesOf.get(found.path) ?? new Map<string, string>();
    names.set(statement.source, statement.image);
    namesOf.set(found.path, names);
  };
  const rest: Statement[] = [];
  for (const statement of statements) {
    const found = await findWhole(tree, index, statement);
    if (found === undefined) {
      rest.push(statement);
    } else {
      put(statement, found);
    }
  }
  // Ends of paths are compared last, and give no file that another name of the same label file has already.
  const wanted = new Map<string, Set<string>>();
  const matches = rest.map((statement) => {
    const isFree = (file: string) => {
      const taken = namesOf.get(file)?.get(statement.source);
      return taken === undefined || taken === statement.image;
    };
    const { image, orImage = '', folders = [] } = statement;
    // A mask in `SegmentationClass/` has its image's name.
    const isImage = (file: string) => !masks.has(file);
    const byStem = (name: string) => {
      const found = index.findStem(name, folders, isImage);
      return found !== undefined && 'path' in found && !isFree(found.path) ? undefined : found;
    };
    const byEnd = () => index.findEnd(image, (file) => isFree(file) && isImage(file)) ?? index.findEnd(image, isFree);
    // The folders tell files of one name apart, so that they come first where the name has no ending.
    const isBare = path.posix.extname(image) === '';
    const match =
      (isBare ? (byStem(image) ?? byEnd()) : (byEnd() ?? byStem(image))) ??
      (orImage === '' ? undefined : byStem(orImage));
    if (match !== undefined && 'path' in match) {
      const key = `${statement.source}\n${match.path}`;
      wanted.set(key, (wanted.get(key) ?? new Set()).add(statement.image));
    }
    return { statement, match };
  });
  for (const { statement, match } of matches) {
    const rivals =
      match !== undefined && 'path' in match ? wanted.get(`${statement.source}\n${match.path}`) : undefined;
    if (match === undefined) {
      reportMissing(statement.image, report);
    } else if ('among' in match || (rivals?.size ?? 0) > 1) {
      const places = 'among' in match ? match.among.slice(0, 3) : [...(rivals ?? [])].slice(0, 3);
      report(
        'ambiguous_name',
        statement.image,
        `The name fits several images alike (${places.join(', ')}); what is said about it is left out.`,
      );
      for (const file of 'among' in match ? match.among : [match.path]) {
        put(
          { source: statement.source, image: file, doubts: ['a label file’s name fits it and others'] },
          await fileAt(tree, file),
        );
      }
    } else {
      put(statement, await fileAt(tree, match.path));
    }
  }
  return images;
}

function reportMissing(image: string, report: Report): void {
  const isOutside = /^([a-z]:)?[\\/]|(^|[\\/])\.\.([\\/]|$)/i.test(image);
  report(
    isOutside ? 'unsafe_path' : 'missing_image',
    image,
    isOutside
      ? 'The path leads out of the set, and no image in it has that name; it is left out.'
      : 'The image does not exist in the set; it is left out.',
  );
}

async function findWhole(
  tree: DatasetTree,
  index: NameIndex,
  { image, folders = ['.'] }: Statement,
): Promise<Found | undefined> {
  const match = index.findWhole(image, folders);
  if (match !== undefined && 'path' in match) {
    return fileAt(tree, match.path);
  }
  // Links inside the set, and files without an image's ending, are not in the index.
  for (const folder of folders) {
    const place = path.posix.join(folder, image.replaceAll('\\', '/'));
    const file = await tree.locate(place);
    if (file !== undefined && file !== 'unsafe' && (await tree.hasFile(place))) {
      return { path: place, file };
    }
  }
  return undefined;
}

/** A file of the set. @throws DatasetError when it is gone */
export async function fileAt(tree: DatasetTree, place: string): Promise<Found> {
  const file = await tree.locate(place);
  if (file === undefined || file === 'unsafe') {
    throw new DatasetError(`${place} went away while the set was read: import it again.`);
  }
  return { path: place, file };
}
