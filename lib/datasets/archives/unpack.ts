import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import yauzl from 'yauzl';
import { messageOf } from '@/lib/common/message-of';
import type { ImportProblem } from '../import/types';
import { decodeLegacy, decodeUtf8, guessLegacyEncoding, type LegacyEncoding } from '../legacy-text';
import { ArchiveError, type ArchiveLimits, Gatekeeper } from './gatekeeper';

export type UnpackOptions = { signal?: AbortSignal | undefined; limits?: ArchiveLimits | undefined };

/**
 * Unpacks a zip, tar or tar.gz (untrusted; told apart by its bytes) below `target`, entry by entry, without holding any
 * in memory.
 *
 * @returns what was left out, and why
 * @throws ArchiveError when it is no archive, damaged, encrypted, or a bomb
 */
export async function unpack(archive: string, target: string, options: UnpackOptions = {}): Promise<ImportProblem[]> {
  const { size } = await stat(archive);
  await mkdir(target, { recursive: true });
  const keeper = new Gatekeeper(size, options.limits, await foldsNames(target), options.signal);
  const kind = await kindOf(archive);
  try {
    await (kind === 'zip'
      ? unzip(archive, target, keeper, options.signal)
      : untar(archive, target, keeper, kind, options.signal));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ArchiveError || isDiskFull(error)) {
      throw error;
    }
    throw new ArchiveError(`The archive is damaged or cut off: ${messageOf(error)}. Make it again.`);
  }
  return keeper.problems;
}

/**
 * Whether a disk takes names that differ in letter case for one, as those of macOS and Windows do; such disks fold
 * accents too.
 */
async function foldsNames(directory: string): Promise<boolean> {
  const probe = await mkdtemp(path.join(directory, '.case-'));
  try {
    const { dir, base } = path.parse(probe);
    return existsSync(path.join(dir, base.replace('.case-', '.CASE-')));
  } finally {
    await rmdir(probe);
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}

/** Archives that are not unpacked, by their first bytes. */
const OTHERS: readonly [name: string, start: Buffer][] = [
  ['7z', Buffer.from('7z\u00bc\u00af\u0027\u001c', 'latin1')],
  ['RAR', Buffer.from('Rar!\u001a\u0007', 'latin1')],
  ['xz', Buffer.from('\u00fd7zXZ\u0000', 'latin1')],
  ['bzip2', Buffer.from('BZh', 'latin1')],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/**
 * What the first bytes say; the name says nothing. @throws ArchiveError naming what it is instead, where that is known
 */
async function kindOf(archive: string): Promise<'zip' | 'tar' | 'tar.gz'> {
  const file = await open(archive, 'r');
  const head = Buffer.alloc(512);
  try {
    await file.read(head, 0, head.length, 0);
    if (
      head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')) ||
      head.subarray(0, 4).equals(Buffer.from('PK\u0005\u0006'))
    ) {
      return 'zip';
    }
    if (head[0] === 0x1f && head[1] === 0x8b) {
      return 'tar.gz';
    }
    if (head.subarray(257, 262).toString('latin1') === 'ustar') {
      return 'tar';
    }
  } finally {
    await file.close();
  }
  const [other] = OTHERS.find(([, start]) => head.subarray(0, start.length).equals(start)) ?? [];
  const what = other === undefined ? 'no zip, tar or tar.gz archive' : `a ${other} archive, which is not unpacked`;
  throw new ArchiveError(`The file is ${what}: pack the set again as zip, tar or tar.gz.`);
}

async function writeEntry(target: string, safe: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = path.join(target, ...safe.split('/'));
  await mkdir(path.dirname(file), { recursive: true });
  await pipeline(Readable.from(bytes, { objectMode: false }), createWriteStream(file, { mode: 0o600 }));
}

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const UNIX = 3;
const ENCRYPTED = 1;

function zipKind(name: string, entry: yauzl.Entry): 'file' | 'directory' | 'other' {
  if (name.endsWith('/')) {
    return 'directory';
  }
  const mode = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  const isUnix = entry.versionMadeBy >> 8 === UNIX;
  return isUnix && mode !== 0 && mode !== REGULAR ? 'other' : 'file';
}

/** The entries one after the other; the next is read when the loop asks for it. */
async function* zipEntries(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      const settle = (finish: () => void) => {
        zip.removeAllListeners();
        finish();
      };
      zip.once('entry', (found: yauzl.Entry) => settle(() => resolve(found)));
      zip.once('end', () => settle(() => resolve(undefined)));
      zip.once('error', (error: Error) => settle(() => reject(error)));
      zip.readEntry();
    });
    if (entry === undefined) {
      return;
    }
    yield entry;
  }
}

/** The bytes of a name: without `decodeStrings` it is a buffer, whatever its type says. */
const nameBytes = (entry: yauzl.Entry): Buffer => Buffer.from(entry.fileName);

/** Info-ZIP's field with the name in UTF-8: a version, a checksum of the other name, the name. */
const UNICODE_NAME = 0x7075;

function zipName(entry: yauzl.Entry, encoding: LegacyEncoding): string {
  const field = entry.extraFields.find(({ id, data }) => id === UNICODE_NAME && data.length > 5 && data[0] === 1);
  const unicode = field && decodeUtf8(field.data.subarray(5));
  return unicode ?? decodeUtf8(nameBytes(entry)) ?? decodeLegacy(nameBytes(entry), encoding);
}

/**
 * Which encoding the names that are no UTF-8 are in, judged by all of them, so that they stay apart and fit the label
 * files.
 */
async function nameEncoding(archive: string, keeper: Gatekeeper, signal?: AbortSignal): Promise<LegacyEncoding> {
  const zip = await openZip(archive, { lazyEntries: true, autoClose: false, decodeStrings: false });
  const samples: Buffer[] = [];
  try {
    for await (const entry of zipEntries(zip)) {
      signal?.throwIfAborted();
      if (decodeUtf8(nameBytes(entry)) === undefined && samples.length < MAX_SAMPLES) {
        samples.push(nameBytes(entry));
      }
    }
  } finally {
    zip.close();
  }
  const encoding = guessLegacyEncoding(samples, 'cp437');
  if (samples.length > 0) {
    const message = `${samples.length} names are not UTF-8; they were read as ${encoding}. Pack the set with UTF-8 names if they look wrong.`;
    keeper.note('encoding', 'the archive', message);
  }
  return encoding;
}

/** Names that are looked at to find their encoding. */
const MAX_SAMPLES = 10_000;

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

async function unzip(
  archive: string,
  target: string,
  keeper: Gatekeeper,
  signal: AbortSignal | undefined,
): Promise<void> {
  const encoding = await nameEncoding(archive, keeper, signal);
  // Names are checked by the gatekeeper, which leaves one entry out where yauzl would refuse the whole archive.
  const zip = await openZip(archive, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    for await (const entry of zipEntries(zip)) {
      signal?.throwIfAborted();
      const name = zipName(entry, encoding);
      const safe = keeper.admit(name, zipKind(name, entry));
      if (safe === undefined) {
        continue;
      }
      if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) {
        throw new ArchiveError('The archive is encrypted: pack the set without a password.');
      }
      const read = promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip));
      await writeEntry(target, safe, keeper.count(name, await read(entry), entry.compressedSize));
    }
  } finally {
    zip.close();
  }
}

function tarName(name: string, isUnicode: boolean): string {
  const bytes = Buffer.from(name, 'latin1');
  return isUnicode ? name : (decodeUtf8(bytes) ?? decodeLegacy(bytes, guessLegacyEncoding([bytes], 'windows-1252')));
}

async function untar(
  archive: string,
  target: string,
  keeper: Gatekeeper,
  kind: 'tar' | 'tar.gz',
  signal: AbortSignal | undefined,
): Promise<void> {
  // Bytes as they are; a name in an extended header is Unicode already.
  const tar = extract({ filenameEncoding: 'latin1' });
  const source = createReadStream(archive);
  const feeding = kind === 'tar.gz' ? pipeline(source, createGunzip(), tar) : pipeline(source, tar);
  // The loop below meets the same failure; without a handler it would end the process first.
  feeding.catch(() => undefined);
  for await (const entry of tar) {
    signal?.throwIfAborted();
    // The types do not know the extended header, in which names are Unicode.
    const header: typeof entry.header & { pax?: Readonly<Record<string, string>> | null } = entry.header;
    const { type } = header;
    const name = tarName(header.name, header.pax?.['path'] !== undefined);
    const entryKind =
      type === 'file' || type === 'contiguous-file' ? 'file' : type === 'directory' ? 'directory' : 'other';
    const safe = keeper.admit(name, entryKind);
    const bytes = keeper.count(name, entry as AsyncIterable<Uint8Array>);
    if (safe === undefined) {
      for await (const _ of bytes) {
        // Read past it: what is left out counts too, or a bomb could hide there.
      }
      continue;
    }
    await writeEntry(target, safe, bytes);
  }
  await feeding;
}
