import path from 'node:path';

/**
 * Where a name leads: one file, several that fit equally well, or none. `by` tells how sure it is: `end` compared only
 * the last parts.
 */
export type NameMatch =
  { path: string; by: 'exact' | 'form' | 'case' | 'end' } | { among: readonly string[] } | undefined;

const composed = (text: string): string => text.normalize('NFC');
const folded = (text: string): string => composed(text).toLowerCase();
const stemOf = (file: string): string => file.slice(0, file.length - path.posix.extname(file).length);

function group(files: readonly string[], keyOf: (file: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const key = keyOf(file);
    const members = groups.get(key);
    if (members === undefined) {
      groups.set(key, [file]);
    } else {
      members.push(file);
    }
  }
  return groups;
}

/** Undoes percent signs where they are well-formed. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) {
      return text;
    }
    throw error;
  }
}

/**
 * The forms in which a label file's name of an image may be meant: as it stands; of an address (`https:`, `s3:`, Label
 * Studio's `?d=`) the path, without percent signs; without the eight digits that Label Studio puts before the name of
 * an upload.
 */
export function nameForms(name: string): string[] {
  const raw = name.replaceAll('\\', '/');
  const local = /[?&]d=([^&]+)/.exec(raw)?.[1];
  const address = raw.replace(/^[a-z][a-z0-9+.-]+:\/\/[^/]*/i, '');
  const isAddress = address !== raw || raw.startsWith('/');
  const bare = local ?? (isAddress ? address.replace(/[?#].*$/s, '') : raw);
  const forms = [raw, bare, decodePercent(bare)].map((form) => form.replace(/^(\.?\/)+/, ''));
  const unprefixed = forms.map((form) => form.replace(/(^|\/)[0-9a-f]{8}-(?=[^/]+$)/, '$1'));
  return [...new Set([...forms, ...unprefixed])].filter((form) => form !== '' && !form.includes('\0'));
}

/**
 * Finds a set's files by the names that label files have for them: exactly, then in another Unicode form, then in
 * another letter case, then by the longest end of the path that only one file shares. Nothing but the given files can
 * be found.
 */
export class NameIndex {
  private readonly files: ReadonlySet<string>;
  private readonly byForm: Map<string, string[]>;
  private readonly byCase: Map<string, string[]>;
  private readonly byName: Map<string, string[]>;
  private stems: Map<string, string[]> | undefined;

  /** @param files paths below the set's root, forward slashes */
  constructor(files: readonly string[]) {
    this.files = new Set(files);
    this.byForm = group(files, composed);
    this.byCase = group(files, folded);
    this.byName = group(files, (file) => folded(path.posix.basename(file)));
  }

  /** The file that a name leads to from one of the folders, all of the path counting. */
  findWhole(name: string, folders: readonly string[] = ['.']): NameMatch {
    const places = nameForms(name).flatMap((form) => folders.map((folder) => path.posix.join(folder, form)));
    const exact = places.find((place) => this.files.has(place));
    if (exact !== undefined) {
      return { path: exact, by: 'exact' };
    }
    for (const [by, table, keyOf] of [
      ['form', this.byForm, composed],
      ['case', this.byCase, folded],
    ] as const) {
      for (const place of places) {
        const found = table.get(keyOf(place)) ?? [];
        if (found.length > 1) {
          return { among: found };
        }
        if (found[0] !== undefined) {
          return { path: found[0], by };
        }
      }
    }
    return undefined;
  }

  /**
   * The file that shares the longest end of its path with the name. `isFree` leaves out files that are somebody else's.
   */
  findEnd(name: string, isFree: (file: string) => boolean = () => true): NameMatch {
    for (const form of nameForms(name)) {
      const parts = folded(form).split('/');
      const last = parts.at(-1) ?? '';
      const isNamed = path.posix.extname(last) !== '';
      const candidates = (this.byName.get(last) ?? (isNamed ? [] : this.withStem(last))).filter(isFree);
      const found = longestEnd(candidates, parts);
      if (found.length > 0) {
        return found[0] !== undefined && found.length === 1 ? { path: found[0], by: 'end' } : { among: found };
      }
    }
    return undefined;
  }

  /**
   * The only file with the same name but for its ending, in one of the folders or, failing that, anywhere. `isFree`
   * leaves out files, unless no other has the name.
   */
  findStem(name: string, folders: readonly string[] = [], isFree: (file: string) => boolean = () => true): NameMatch {
    for (const form of nameForms(name)) {
      const stem = folded(stemOf(form));
      const named = this.withStem(path.posix.basename(stem));
      const free = named.filter(isFree);
      const all = free.length > 0 ? free : named;
      const near = all.filter((file) =>
        folders.some((folder) => folded(stemOf(file)) === folded(path.posix.join(folder, stem))),
      );
      const found = near.length > 0 ? near : longestEnd(all, stem.split('/'), stemOf);
      if (found.length > 0) {
        return found[0] !== undefined && found.length === 1 ? { path: found[0], by: 'end' } : { among: found };
      }
    }
    return undefined;
  }

  private withStem(stem: string): string[] {
    this.stems ??= group([...this.files], (file) => folded(stemOf(path.posix.basename(file))));
    return this.stems.get(folded(stem)) ?? [];
  }
}

/**
 * So many files of one name are told apart by whole paths only; it bounds the work on sets made to keep the program
 * busy.
 */
const MAX_NAMESAKES = 2000;

/** Those of the files that share most of the last parts. */
function longestEnd(
  files: readonly string[],
  parts: readonly string[],
  textOf: (file: string) => string = (file) => file,
): readonly string[] {
  if (files.length > MAX_NAMESAKES) {
    return files;
  }
  let best: string[] = [];
  let most = 0;
  for (const file of files) {
    const own = folded(textOf(file)).split('/');
    let shared = 0;
    while (shared < parts.length && shared < own.length && own.at(-1 - shared) === parts.at(-1 - shared)) {
      shared += 1;
    }
    if (shared > most || best.length === 0) {
      [best, most] = [[file], shared];
    } else if (shared === most) {
      best.push(file);
    }
  }
  return best;
}
