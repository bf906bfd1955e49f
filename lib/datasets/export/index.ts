import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { blobs } from '@/lib/storage';
import type { ExportFormat } from '../contract';
import { exportCoco } from './coco';
import { gatherItems } from './gather';
import { exportLabelStudio } from './label-studio';
import { exportLlava } from './llava';
import { exportMvtec } from './mvtec';
import { exportReviews } from './reviews-csv';
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

export type ExportOptions = { format: ExportFormat; accepted: boolean; task: 'detect' | 'segment' };

/** The files of an export, one after the other; the same set gives the same files with the same bytes. */
export function exportEntries(
  datasetId: string,
  { format, accepted, task }: ExportOptions,
): AsyncGenerator<ExportEntry> {
  return EXPORTERS[format](gatherItems(datasetId, { accepted }), { task });
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

/** Writes an export below a directory that is empty or new; returns the number of files. */
export async function exportFolder(datasetId: string, options: ExportOptions, directory: string): Promise<number> {
  let files = 0;
  for await (const entry of exportEntries(datasetId, options)) {
    const target = path.join(directory, ...entry.path.split('/'));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await contentOf(entry), { flag: 'wx' });
    files += 1;
  }
  return files;
}

/** Writes an export as a zip file. */
export async function exportFile(datasetId: string, options: ExportOptions, file: string): Promise<void> {
  await pipeline(exportZip(datasetId, options), createWriteStream(file, { flags: 'wx' }));
}
