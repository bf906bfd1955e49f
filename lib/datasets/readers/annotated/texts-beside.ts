import path from 'node:path';
import { foreignFile } from '../../endings';
import type { ImportProblem } from '../../import/types';
import { namesDefect } from '../defect-words';
import { labelOfWord } from '../label-words';
import { isImageName } from '../set-asides';
import { someNamed } from '../some-named';
import { saysDefect } from './answer-words';
import type { LabelFiles } from './label-files';
import { mirroredFolders } from './mirrored';

/** Longer text is looked at by its beginning: notes about one image are short. */
const LOOKED_AT = 20_000;

/** Text in which people and tools keep notes; any other file that bears an image's name is told and not looked at. */
const NOTES = /\.(txt|xml|ya?ml|md|html?|toml|ini|cfg|log|lab|lbl|ann|gt|pbtxt|hdict)$/i;
/** A line with four numbers or more, as boxes are stated. */
const ROW = /^([^\n]*[ \t,;])?(-?\d+(\.\d+)?[ \t,;]+){3}-?\d/m;
/** Files that other readers look at, or tell. */
const isBeside = (file: string): boolean =>
  !isImageName(file) && foreignFile(file) === undefined && !/\.((geo)?json|jsonl|ndjson|manifest|csv|tsv)$/i.test(file);

/** `against`: images about which a text says what cannot be said of a normal one, with the reason. */
type Found = { against: Map<string, string>; problems: ImportProblem[] };

/**
 * Files that bear an image's name, beside it or in a mirrored folder, in a set whose images no label file of a known
 * format labels. Nobody can read such a file for certain, so it is reported, and one that names a defect speaks against
 * "normal". Empty files say nothing.
 */
export async function textsBeside(files: LabelFiles): Promise<Found> {
  const index = await files.tree.imageIndex();
  const against = new Map<string, string>();
  const folders = new Map<string, string[]>();
  const rows = new Map<string, string[]>();
  for (const file of (await files.tree.walk()).filter(isBeside)) {
    const { dir, name, base } = path.posix.parse(file);
    const match = index.findStem(name, [dir, ...mirroredFolders(file)]);
    const places = match === undefined ? [] : 'path' in match ? [match.path] : [...match.among];
    const isNotes = NOTES.test(file);
    const read = places.length > 0 && isNotes ? await files.text(file) : undefined;
    const start = read !== undefined && 'text' in read ? read.text.slice(0, LOOKED_AT) : undefined;
    // Zeros are what a full or broken disk leaves, and an XML file without an element has lost what it said.
    const isLost = start?.includes('\0') === true || (start?.trim() === '' && /\.xml$/i.test(file));
    const text = isLost ? undefined : start;
    if (places.length === 0 && /\.txt$/i.test(file) && ROW.test(await files.tree.head(file))) {
      rows.set(dir, [...(rows.get(dir) ?? []), base]);
    }
    if (places.length === 0 || text?.trim() === '') {
      continue;
    }
    const told = folders.get(dir) ?? [];
    told.push(base);
    folders.set(dir, told);
    if (isNotes && (text === undefined || speaksAgainst(text))) {
      const reason = text === undefined ? `${file} cannot be read` : `${file} names a defect`;
      places.forEach((place) => against.set(place, reason));
    }
  }
  const problems = [...folders].map(([folder, names]): ImportProblem => {
    const what = someNamed(names, 'file named like an image is', 'files named like images are');
    const message = `${what} in no format that is known: what they say is not read, but a defect that one names leaves no image normal.`;
    return { code: 'unknown_file', place: folder || '.', message };
  });
  const told = [...rows].map(([folder, names]): ImportProblem => {
    const message = `${someNamed(names, 'text file')} with rows of numbers, in no format that is known: what they say is not read.`;
    return { code: 'unknown_file', place: folder || '.', message };
  });
  return { against, problems: [...problems, ...told] };
}

/** The words of an XML file are its texts and the values of its attributes. */
function speaksAgainst(text: string): boolean {
  const words = text.replace(/<\/?[\w:.-]*|[\w:.-]+\s*=\s*|[<>"'/]/g, '\n');
  return words.split(/\n+/).some((line) => {
    const word = line.trim();
    return labelOfWord(word) === 'anomalous' || (word.length < 60 && namesDefect(word)) || saysDefect(word);
  });
}
