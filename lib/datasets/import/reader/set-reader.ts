import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KnownError } from '@/lib/common/known-error';
import { mapInOrder } from '@/lib/common/in-order';
import { freeBytes } from '@/lib/storage/free-space';
import { ArchiveError } from '../../archives/gatekeeper';
import { unpack } from '../../archives/unpack';
import { importLimits, type ImportFormat, problemKind } from '../../contract';
import { tellNotLabelled } from '../../readers/not-labelled';
import { prepareItem, type PreparedItem } from '../prepare-item';
import { readSet } from '../read-set';
import type { ImportItem, ImportListing, ImportProblem } from '../types';

/**
 * Images that are read and stored at once, while their decoding takes turns in the checker's process; bounds the
 * memory.
 */
const CONCURRENCY = 4;

/**
 * Longest time for the unpacking of an archive, in ms, however well it gets on: the largest that is taken needs a
 * fraction of it.
 */
const UNPACK_MS = 60 * 60_000;

/** File names in the directory of a staged job. */
export const STAGED = { archive: 'archive', files: 'files', unpacked: 'unpacked.json' } as const;

/** Where the files of a set lie: in a folder, or (`staged`) in an archive that was received into it. */
export type SetSource = { directory: string; staged: boolean; format: ImportFormat };

export type Listed = { total: number; format: ImportListing['format']; problems: ImportProblem[] };

/** Reads a set and prepares its images; what comes from strangers is touched here alone. */
export type SetReader = {
  /**
   * Unpacks if need be, and reads the label files. The same set gives the same order every time.
   * @throws DatasetError, ArchiveError; ReaderEndedError; the signal's reason
   */
  list: (source: SetSource, signal: AbortSignal) => Promise<Listed>;
  /** Stores the images from `position` on, in the order of the list. @throws as `list` */
  prepare: (position: number, count: number) => Promise<PreparedItem[]>;
  /**
   * What can be said only when all images have been read: those that are not in the set have their own problem, and no
   * other.
   * @param left paths of the images that could not be read
   */
  settle: (left: readonly string[]) => Promise<ImportProblem[]>;
  close: () => void;
};

/** The process of a reader ended, or was ended, in the middle of its work. */
export class ReaderEndedError extends KnownError {
  static override readonly kind = 'ReaderEndedError';
  override name = 'ReaderEndedError';

  /**
   * @param reason completes the sentence "The file …"
   * @param file what was being read, as the set names it; null when nothing was
   */
  constructor(
    readonly reason: string,
    readonly file: string | null,
  ) {
    super(`The reader of the set was ended: ${file ?? 'the set'} ${reason}.`);
  }
}

async function unpackOnce(
  directory: string,
  files: string,
  unpackMs: number,
  signal: AbortSignal,
): Promise<ImportProblem[]> {
  const marker = join(directory, STAGED.unpacked);
  if (existsSync(marker)) {
    return [];
  }
  await rm(files, { recursive: true, force: true });
  const free = await freeBytes(directory);
  const limits = { ...importLimits, unpackedBytes: Math.min(importLimits.unpackedBytes, free) };
  const late = AbortSignal.timeout(unpackMs);
  const options = { signal: AbortSignal.any([signal, late]), limits };
  const problems = await unpack(join(directory, STAGED.archive), files, options).catch((error: unknown) => {
    throw late.aborted && !signal.aborted
      ? new ArchiveError(`Unpacking took more than ${unpackMs / 60_000} minutes: split the set.`)
      : error;
  });
  await writeFile(marker, '{}');
  return problems;
}

/**
 * Reads in this process, which a set that was made for it can hold up: for the command line, and for the reader's own
 * process.
 */
export class LocalReader implements SetReader {
  private items: ImportItem[] = [];
  /** Problems of single images, which do not matter when the image cannot be read. */
  private held = new Map<string, ImportProblem[]>();

  /** @param unpackMs longest time for unpacking */
  constructor(private readonly unpackMs = UNPACK_MS) {}

  async list({ directory, staged, format }: SetSource, signal: AbortSignal): Promise<Listed> {
    const files = staged ? join(directory, STAGED.files) : directory;
    const problems = staged ? await unpackOnce(directory, files, this.unpackMs, signal) : [];
    const listing = await readSet(files, format);
    this.items = listing.items;
    this.held = new Map(listing.items.map(({ path }) => [path, []]));
    const told = listing.problems.filter((problem) => !this.hold(problem));
    return { total: listing.items.length, format: listing.format, problems: [...problems, ...told] };
  }

  private hold(problem: ImportProblem): boolean {
    const { code, place } = problem;
    const { effect } = problemKind(code);
    const own = effect === 'unlabelled' || effect === 'no_mask' ? this.held.get(place) : undefined;
    own?.push(problem);
    return own !== undefined || code === 'not_labelled';
  }

  prepare(position: number, count: number): Promise<PreparedItem[]> {
    return mapInOrder(this.items.slice(position, position + count), CONCURRENCY, async (item) => {
      const prepared = await prepareItem(item);
      const held = prepared.ready === null ? [] : (this.held.get(item.path) ?? []);
      return { ...prepared, problems: [...held, ...prepared.problems] };
    });
  }

  settle(left: readonly string[]): Promise<ImportProblem[]> {
    const gone = new Set(left);
    const places = this.items.flatMap(({ path, isNotLabelled }) => (isNotLabelled && !gone.has(path) ? path : []));
    return Promise.resolve(tellNotLabelled(places).map((told) => ({ code: 'not_labelled', ...told })));
  }

  close(): void {
    this.items = [];
    this.held.clear();
  }
}
