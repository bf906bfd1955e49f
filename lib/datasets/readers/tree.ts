import type { Dirent } from 'node:fs';
import { lstat, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeText, type LegacyEncoding } from '../legacy-text';
import { NameIndex } from './name-index';
import { reading } from '../import/reader/whereabouts';
import { isImageName, type LeftOut, partAsides } from './set-asides';
import { DatasetError } from './types';

export { isImageName };

/** A label file is held in memory several times over while it is read; COCO's own largest per-class files are below. */
const MAX_LABEL_FILE_BYTES = 64 * 2 ** 20;
const MAX_FILES = 500_000;
/** Deeper folders come from links or mistakes. */
const MAX_DEPTH = 64;

const isHidden = (name: string): boolean => name.startsWith('.') || name === '__MACOSX';

/** The contents of one folder, sorted by name; `images` are the files with an image's extension. */
export type Folder = { directories: string[]; images: string[] };

/**
 * Read access to a data set's folder that cannot leave it: every path is given below the root, and one that is
 * absolute, climbs out with `..` or passes through a symbolic link to the outside is refused. Data sets are downloaded,
 * so their label files and links are not to be trusted.
 */
export class DatasetTree {
  private listed = 0;
  private walked: Promise<readonly string[]> | undefined;
  private indexed: Promise<NameIndex> | undefined;
  private guesses = new Map<string, LegacyEncoding>();
  private readonly left = new Map<string, LeftOut>();
  /** Images that are no pictures to inspect (`partAsides`). */
  private asides: ReadonlySet<string> = new Set();

  private constructor(
    /** Absolute, links resolved. */
    readonly root: string,
  ) {}

  /** @throws DatasetError if there is no such folder */
  static async open(root: string): Promise<DatasetTree> {
    const real = await realpath(root).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isDirectory()) {
      throw new DatasetError(`${root} is no folder: name the data set's folder.`);
    }
    return new DatasetTree(real);
  }

  get name(): string {
    return path.basename(this.root);
  }

  /**
   * The absolute path of a file or folder of the set.
   *
   * @param relative below the root, either kind of slash
   * @returns undefined if it does not exist, 'unsafe' if it would lie outside
   */
  async locate(relative: string): Promise<string | 'unsafe' | undefined> {
    const normal = relative.replaceAll('\\', '/');
    // Where backslashes part no folders, a file may be called so.
    const isOwnName = path.sep === '/' && normal !== relative && !relative.includes('\0');
    const own = isOwnName ? await this.inside(relative) : undefined;
    if (own !== undefined && own !== 'unsafe') {
      return own;
    }
    if (normal.includes('\0') || path.posix.isAbsolute(normal)) {
      return 'unsafe';
    }
    // A drive is one only on Windows, where it leads out of the root; elsewhere a file may be called so.
    const found = await this.inside(normal);
    return found === undefined && /^[A-Za-z]:/.test(normal) ? 'unsafe' : found;
  }

  private async inside(relative: string): Promise<string | 'unsafe' | undefined> {
    const joined = path.resolve(this.root, relative);
    if (!this.contains(joined)) {
      return 'unsafe';
    }
    const real = await realpath(joined).catch(() => undefined);
    return real === undefined || this.contains(real) ? real : 'unsafe';
  }

  /** True for an existing folder of the set. */
  async hasFolder(relative: string): Promise<boolean> {
    const found = await this.locate(relative);
    return found !== undefined && found !== 'unsafe' && (await stat(found)).isDirectory();
  }

  /** True for an existing file of the set. */
  async hasFile(relative: string): Promise<boolean> {
    const found = await this.locate(relative);
    return found !== undefined && found !== 'unsafe' && (await stat(found)).isFile();
  }

  /**
   * The folder's images and folders. Hidden entries and links that lead outside are left out; a folder that does not
   * exist is empty.
   *
   * @throws DatasetError if the set has more files than any known one
   */
  async list(relative = '.'): Promise<Folder> {
    const folder: Folder = { directories: [], images: [] };
    const absolute = await this.locate(relative);
    if (absolute === undefined || absolute === 'unsafe' || !(await lstat(absolute)).isDirectory()) {
      return folder;
    }
    const entries = await readdir(absolute, { withFileTypes: true });
    this.listed += entries.length;
    if (this.listed > MAX_FILES) {
      throw new DatasetError(`${this.root} has more than ${MAX_FILES} files: name one data set's folder.`);
    }
    await this.walk();
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isHidden(entry.name)) {
        continue;
      }
      const below = path.posix.join(relative, entry.name);
      const isFolder = entry.isSymbolicLink() ? await this.hasFolder(below) : entry.isDirectory();
      const isFile = entry.isSymbolicLink() ? await this.hasFile(below) : entry.isFile();
      if (isFolder) {
        folder.directories.push(entry.name);
      } else if (isFile && isImageName(entry.name) && !this.asides.has(below)) {
        folder.images.push(entry.name);
      }
    }
    return folder;
  }

  /**
   * The files of one folder with an extension (`.json`), as paths below the root, sorted. Links that lead outside are
   * left out.
   */
  async files(relative: string, extension: string): Promise<string[]> {
    const absolute = await this.locate(relative);
    if (absolute === undefined || absolute === 'unsafe' || !(await lstat(absolute)).isDirectory()) {
      return [];
    }
    const found: string[] = [];
    for (const name of (await readdir(absolute)).sort()) {
      const below = path.posix.join(relative, name);
      if (!name.startsWith('.') && name.toLowerCase().endsWith(extension) && (await this.hasFile(below))) {
        found.push(below);
      }
    }
    return found;
  }

  /** The images of a folder and all below it, as paths below the root. */
  async images(relative: string): Promise<string[]> {
    const { directories, images } = await this.list(relative);
    const found = images.map((image) => path.posix.join(relative, image));
    for (const directory of directories) {
      for (const image of await this.images(path.posix.join(relative, directory))) {
        found.push(image);
      }
    }
    return found;
  }

  /**
   * Every file of the set as a path below the root, sorted. Hidden files are left out, and so are links, unless their
   * target inside the set has no image's name of its own.
   *
   * @throws DatasetError if the set has more files than any known one
   */
  walk(): Promise<readonly string[]> {
    this.walked ??= this.walkFolder('.', 0).then((files) => this.part(files).sort());
    return this.walked;
  }

  /** All images of the set, to be found by the names that label files have for them. */
  imageIndex(): Promise<NameIndex> {
    this.indexed ??= this.walk().then((files) => new NameIndex(files.filter(isImageName)));
    return this.indexed;
  }

  /** What lies in the set and is no file of it, by its path below the root. */
  async leftOut(): Promise<ReadonlyMap<string, LeftOut>> {
    await this.walk();
    return this.left;
  }

  private part(files: readonly string[]): string[] {
    const { kept, asides, left } = partAsides(files);
    this.asides = new Set(asides);
    left.forEach((why, folder) => this.left.set(folder, why));
    return kept;
  }

  private async walkFolder(relative: string, depth: number): Promise<string[]> {
    const entries = await readdir(path.join(this.root, relative), { withFileTypes: true });
    this.listed += entries.length;
    if (this.listed > 4 * MAX_FILES || depth > MAX_DEPTH) {
      throw new DatasetError(`The set has more than ${MAX_FILES} files: name one data set's folder.`);
    }
    const found: string[] = [];
    let hidden = 0;
    for (const entry of entries) {
      const below = path.posix.join(relative, entry.name);
      if (isHidden(entry.name)) {
        hidden += await this.countHidden(entry, below, depth);
      } else if (entry.isFile()) {
        found.push(below);
      } else if (entry.isDirectory()) {
        const inner = await this.walkFolder(below, depth + 1);
        for (const file of inner) {
          found.push(file);
        }
      } else if (entry.isSymbolicLink()) {
        if (await this.followLink(below)) {
          found.push(below);
        }
      } else {
        const message = 'It is a pipe, a socket or a device, and no regular file: left out.';
        this.left.set(below, { code: 'unsafe_entry', message });
      }
    }
    if (hidden > 0) {
      const what = `${hidden} ${hidden === 1 ? 'picture has a hidden name or lies' : 'pictures have hidden names or lie'} in a hidden folder`;
      const message = `${what}: left out. If they are images of the set, give them names without a dot in front.`;
      this.left.set(relative, { code: 'not_needed', message });
    }
    return found;
  }

  /**
   * How many images a hidden entry is or holds; systems and version control keep files of their own there, which are
   * none.
   */
  private async countHidden(entry: Dirent, below: string, depth: number): Promise<number> {
    if (/^(\._|__MACOSX$|\.(git|svn|hg|dvc|datalad|Trash.*)$)/.test(entry.name) || depth > MAX_DEPTH) {
      return 0;
    }
    if (!entry.isDirectory()) {
      return entry.isFile() && isImageName(entry.name) ? 1 : 0;
    }
    const inner = await readdir(path.join(this.root, below), { withFileTypes: true });
    this.listed += inner.length;
    let count = 0;
    for (const each of this.listed > 4 * MAX_FILES ? [] : inner) {
      count += await this.countHidden(each, path.posix.join(below, each.name), depth + 1);
    }
    return count;
  }

  /**
   * True for a link that is an image of the set under this name alone. One that leads to another visible image is there
   * under that name; any other that leads nowhere, or out, is reported.
   */
  private async followLink(below: string): Promise<boolean> {
    const target = await this.locate(below);
    if (target === undefined || target === 'unsafe') {
      const where = target === undefined ? 'to a file that does not exist' : 'out of the set';
      const message = `The link leads ${where}: left out. Put the file itself in its place.`;
      this.left.set(below, { code: 'unsafe_entry', message });
      return false;
    }
    const own = path.relative(this.root, target).split(path.sep);
    const isVisible = !own.some(isHidden) && (isImageName(target) || !isImageName(below));
    return !isVisible && (await stat(target)).isFile();
  }

  /**
   * A label file's text, UTF-8 or in an older encoding (`guessedEncodings`).
   *
   * @throws DatasetError if it is missing or too large
   */
  async text(relative: string): Promise<string> {
    const absolute = await this.locate(relative);
    if (absolute === undefined || absolute === 'unsafe') {
      throw new DatasetError(`${relative} is missing in ${this.root}.`);
    }
    const { size } = await stat(absolute);
    if (size > MAX_LABEL_FILE_BYTES) {
      const megabytes = Math.ceil(size / 2 ** 20);
      throw new DatasetError(
        `${relative} has ${megabytes} MB; label files of up to ${MAX_LABEL_FILE_BYTES / 2 ** 20} MB are read: split the set into several.`,
      );
    }
    reading(relative);
    const { text, guessed } = decodeText(await readFile(absolute));
    if (guessed !== null) {
      this.guesses.set(relative, guessed);
    }
    return text;
  }

  /** The first bytes of a file of the set as Latin-1 text, one sign a byte; empty if there is no such file. */
  async head(relative: string, length = 256): Promise<string> {
    const absolute = await this.locate(relative);
    if (absolute === undefined || absolute === 'unsafe') {
      return '';
    }
    const handle = await open(absolute, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  /** The label files read so far that are no Unicode text, with the encoding that was taken. */
  guessedEncodings(): ReadonlyMap<string, LegacyEncoding> {
    return this.guesses;
  }

  private contains(absolute: string): boolean {
    return absolute === this.root || absolute.startsWith(this.root + path.sep);
  }
}
