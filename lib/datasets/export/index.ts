import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { EngineError } from '@/lib/engine/errors';
import { blobs } from '@/lib/storage';
import { errorCode } from '@/lib/common/error-code';
import type { ExportFormat } from '../contract';
import { exportCoco } from './coco';
import { gatherItems } from './gather';
import { exportLabelStudio } from './label-studio';
import { exportLlava } from './llava';
import { exportMvtec } from './mvtec';
import { exportReviews } from './reviews-csv';
import type { LeftOut } from './trainable';
import type { ExportEntry, Exporter } from './types';
import { exportYolo } from './yolo';

const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  coco: exportCoco,
  yolo: exportYolo,
  mvtec: exportMvtec,
  'label-studio': exportLabelStudio,
  llava: exportLlava,
  'reviews-csv': exportReviews,
};

export type ExportOptions = {
  format: ExportFormat;
  accepted: boolean;
  task: 'detect' | 'segment';
  /** Hears of every item that the format has no right place for. */
  onLeftOut?: ((item: LeftOut) => void) | undefined;
};

/** The files of an export, one after the other; the same set gives the same files with the same bytes. */
export function exportEntries(
  datasetId: string,
  { format, accepted, task, onLeftOut }: ExportOptions,
): AsyncGenerator<ExportEntry> {
  return EXPORTERS[format](gatherItems(datasetId, { accepted }), { task, onLeftOut });
}

async function contentOf({ content }: ExportEntry): Promise<Uint8Array> {
  if ('blob' in content) {
    return blobs().read(content.blob);
  }
  return 'bytes' in content ? content.bytes : Buffer.from(content.text, 'utf8');
}

/** A fixed time, so that the same set gives the same archive. Zip has no earlier one. */
const TIME = new Date(1980, 0, 1);
/** Images are compressed already. */
const TEXT = /\.(json|txt|csv|yaml|xml)$/;

/**
 * An export as a zip, made while it is read: one file in memory at a time.
 * Entries go in one at a time, the next when the archive has taken the last.
 */
export function exportZip(datasetId: string, options: ExportOptions): Readable {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const fill = async () => {
    for await (const entry of exportEntries(datasetId, options)) {
      const bytes = Readable.from([await contentOf(entry)]);
      const taken = new Promise<void>((resolve, reject) => bytes.once('end', resolve).once('error', reject));
      zip.addReadStream(bytes, entry.path, {
        mtime: TIME,
        mode: 0o100644,
        compress: TEXT.test(entry.path),
        forceDosTimestamp: true,
      });
      await taken;
    }
    zip.end();
  };
  fill().catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  return output;
}

/**
 * Lets `write` make something in a place of its own on the same disk and removes what is left of it in the end, so that
 * no half of an export is ever there.
 * @throws what `write` throws
 */
async function withPartial<Result>(parent: string, write: (partial: string) => Promise<Result>): Promise<Result> {
  const partial = path.join(parent, `.looktwice-${randomUUID().slice(0, 8)}.partial`);
  await mkdir(parent, { recursive: true });
  try {
    return await write(partial);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** What lies in a directory; undefined when there is none. */
async function contents(directory: string): Promise<string[] | undefined> {
  return readdir(directory).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
}

/**
 * Writes an export as a directory, which is empty or new: all of it in another place first, and moved when it is
 * complete.
 * @returns the number of files
 * @throws EngineError `invalid_request` for a directory that is not empty; what makes the export fail, and the
 *   directory is then as it was
 */
export async function exportFolder(datasetId: string, options: ExportOptions, directory: string): Promise<number> {
  const present = await contents(directory);
  if (present !== undefined && present.length > 0) {
    throw new EngineError('invalid_request', `${directory} is not empty: give a new or an empty directory.`);
  }
  // An empty directory may be all that may be written to (a volume), so it is filled rather than replaced.
  return withPartial(present === undefined ? path.dirname(path.resolve(directory)) : directory, async (partial) => {
    let files = 0;
    await mkdir(partial);
    for await (const entry of exportEntries(datasetId, options)) {
      const target = path.join(partial, ...entry.path.split('/'));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, await contentOf(entry), { flag: 'wx' });
      files += 1;
    }
    if (present === undefined) {
      await rename(partial, directory);
    } else {
      for (const name of await readdir(partial)) {
        await rename(path.join(partial, name), path.join(directory, name));
      }
    }
    return files;
  });
}

/**
 * Writes an export as a zip file, in another place first as `exportFolder` does.
 * @throws EngineError `invalid_request` when the file is there already
 */
export async function exportFile(datasetId: string, options: ExportOptions, file: string): Promise<void> {
  if (existsSync(file)) {
    throw new EngineError('invalid_request', `${file} exists already: remove it, or choose another name.`);
  }
  await withPartial(path.dirname(path.resolve(file)), async (partial) => {
    await pipeline(exportZip(datasetId, options), createWriteStream(partial, { flags: 'wx' }));
    await rename(partial, file);
  });
}
