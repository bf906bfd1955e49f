import path from 'node:path';
import { importLimits } from '../contract';
import { foreignFile, IMAGE_ENDINGS, LABEL_ENDINGS } from '../endings';
import type { ImportProblem } from '../import/types';

/** The archive as a whole is refused; the message says what to do. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}

const isKept = (ending: string): boolean => IMAGE_ENDINGS.has(ending) || LABEL_ENDINGS.has(ending);
/** Below this much a ratio says nothing: an empty mask packs very well. */
const RATIO_FLOOR = 64 * 2 ** 20;
const ENTRY_RATIO_FLOOR = 16 * 2 ** 20;
const MAX_NAME = 255;

export type ArchiveLimits = Readonly<Record<'entries' | 'ratio' | 'unpackedBytes', number>>;

/**
 * Decides entry by entry what of an untrusted archive is unpacked, and stops the whole when it is a bomb. Names that
 * lead out of the folder, links, devices, collisions of names, and files that no set needs are left out and reported.
 */
export class Gatekeeper {
  readonly problems: ImportProblem[] = [];
  private entries = 0;
  private unpacked = 0;
  private readonly taken = new Set<string>();

  constructor(
    private readonly packedBytes: number,
    private readonly limits: ArchiveLimits = importLimits,
    /** Whether the disk takes names that differ in letter case, or in how their accents are written, for one. */
    private readonly foldsNames = true,
    /** Ends the unpacking, also in the middle of an entry. */
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * The safe path below the target of an entry, or undefined when it is left out.
   * @throws ArchiveError for too many entries
   */
  admit(stated: string, kind: 'file' | 'directory' | 'other'): string | undefined {
    // Windows tools part folders with backslashes, against the format's rules.
    const name = stated.replaceAll('\\', '/');
    this.entries += 1;
    if (this.entries > this.limits.entries) {
      throw new ArchiveError(`The archive has more than ${this.limits.entries} entries: split the set.`);
    }
    if (kind === 'directory') {
      return undefined;
    }
    if (kind === 'other') {
      return this.refuse('unsafe_entry', name, 'Links, devices and the like are not unpacked.');
    }
    const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
    const unsafe = name.includes('\0') || name.startsWith('/') || /^[A-Za-z]:/.test(name) || segments.includes('..');
    if (unsafe || segments.length === 0) {
      return this.refuse('unsafe_path', name, 'The name leads out of the archive; the entry is left out.');
    }
    if (segments.some((segment) => segment.startsWith('.') || segment === '__MACOSX')) {
      const isOfSystem = segments.some((segment) => /^(\._|__MACOSX$|\.(git|svn|hg|dvc|Trash.*)$)/.test(segment));
      return isOfSystem || !IMAGE_ENDINGS.has(path.posix.extname(name).toLowerCase())
        ? undefined
        : this.refuse('not_needed', name, 'The picture has a hidden name or lies in a hidden folder: left out.');
    }
    if (segments.some((segment) => Buffer.byteLength(segment) > MAX_NAME)) {
      return this.refuse('unsafe_path', name, 'The name is too long for the disk; the entry is left out.');
    }
    if (!isKept(path.posix.extname(name).toLowerCase())) {
      const foreign = foreignFile(name);
      return foreign === undefined
        ? this.refuse('not_needed', name, 'The file is neither an image nor a label file; it is left out.')
        : this.refuse(foreign.code, name, foreign.message);
    }
    const safe = segments.join('/');
    const key = this.foldsNames ? safe.normalize('NFC').toLowerCase() : safe;
    if (this.taken.has(key)) {
      const same = this.foldsNames ? 'the same name but for letter case' : 'the same name';
      return this.refuse('duplicate', name, `Another entry has ${same}; the first counts.`);
    }
    this.taken.add(key);
    return safe;
  }

  /**
   * Passes an entry's bytes on while it counts them.
   * @param packed the entry's own packed size if the archive states one
   * @throws ArchiveError for what unpacks to too much
   */
  async *count(name: string, source: AsyncIterable<Uint8Array>, packed?: number): AsyncGenerator<Uint8Array> {
    const { ratio, unpackedBytes } = this.limits;
    let bytes = 0;
    for await (const chunk of source) {
      this.signal?.throwIfAborted();
      bytes += chunk.byteLength;
      this.unpacked += chunk.byteLength;
      if (this.unpacked > unpackedBytes) {
        throw new ArchiveError(
          `The archive unpacks to more than ${unpackedBytes} bytes, which is all that there is room for: split the set.`,
        );
      }
      const isBomb =
        (this.unpacked > RATIO_FLOOR && this.unpacked > ratio * this.packedBytes) ||
        (packed !== undefined && bytes > ENTRY_RATIO_FLOOR && bytes > ratio * Math.max(1, packed));
      if (isBomb) {
        throw new ArchiveError(
          `${name} unpacks to more than ${ratio} times its size, as only archives made to do harm do.`,
        );
      }
      yield chunk;
    }
  }

  /** Reports something worth knowing. */
  note(code: string, place: string, message: string): void {
    this.problems.push({ code, place: place.slice(0, 1024), message });
  }

  /** Reports an entry that is left out. */
  refuse(code: string, place: string, message: string): undefined {
    this.note(code, place, message);
    return undefined;
  }
}
