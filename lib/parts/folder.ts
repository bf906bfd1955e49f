import { copyFile, mkdir, readFile, readdir, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { z } from 'zod';
import { valueWindowSchema } from '@/lib/contract';
import { bboxSchema } from '@/lib/contract/parts';
import { windowOf } from '@/lib/images/image-source';
import type { Owner } from '@/lib/database/owner';
import { findImages } from '@/lib/database/images';
import { writeAtomic } from '@/lib/common/atomic-file';
import { AppError } from '@/lib/http/app-error';
import { blobs } from '@/lib/storage';
import { createPartSchema, partAreaSchema, sampleKinds } from './contract';
import { readPartDetail } from './describe';

/** A part as a folder: `part.json`, good samples in train/good, defects in test/TYPE, so that it is a data set too. */
const folderSchema = createPartSchema.omit({ goldenIds: true, shared: true }).extend({
  format: z.literal('looktwice-part'),
  pxPerMm: z.number().positive().nullable(),
  area: partAreaSchema.nullable(),
  threshold: z.number().min(0).max(1).nullable(),
  samples: z
    .array(
      z.object({
        /** Below the folder. */
        file: z.string().max(500),
        kind: z.enum(sampleKinds),
        view: z.string().max(50).nullable(),
        defectType: z.string().max(100).nullable(),
        bbox: bboxSchema.nullable(),
        /** The values that are black and white, of a deep image where a person chose them. */
        window: valueWindowSchema.nullable().default(null),
      }),
    )
    .max(400),
});
type PartFolder = z.infer<typeof folderSchema>;

const safe = (name: string) => name.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '') || 'unnamed';

/**
 * Writes a part to a folder that is new or empty.
 * @returns files written
 * @throws AppError not_found, conflict for a folder with something in it
 */
export async function writePartFolder(owner: Owner, id: string, folder: string): Promise<number> {
  const detail = await readPartDetail(owner, id);
  if ((await readdir(folder).catch(() => [])).length > 0) {
    throw new AppError('conflict', `${folder} is not empty: name a new folder`);
  }
  const rows = new Map(
    (
      await findImages(
        owner,
        detail.samples.map(({ imageId }) => imageId),
      )
    ).map((row) => [row.id, row]),
  );
  const samples: PartFolder['samples'] = [];
  for (const [index, { imageId, kind, view, defectType, bbox, name }] of detail.samples.entries()) {
    const row = rows.get(imageId);
    if (row === undefined) {
      continue;
    }
    const place = kind === 'golden' ? ['train', 'good'] : ['test', safe(defectType ?? 'defect')];
    await mkdir(join(folder, ...place), { recursive: true });
    const extension = extname(name) || `.${row.mime.replace(/^image\//, '')}`;
    const file = [
      ...place,
      `${String(index).padStart(3, '0')}-${safe(name.slice(0, -extname(name).length || undefined))}${extension}`,
    ];
    await copyFile(await blobs().localPath(row.sha256), join(folder, ...file));
    samples.push({ file: file.join('/'), kind, view, defectType, bbox, window: windowOf(row) ?? null });
  }
  const { name, number, revision, material, notes, pxPerMm, area, thresholdSet, threshold } = detail;
  const content: PartFolder = {
    ...{ format: 'looktwice-part', name, number, revision, material, notes, pxPerMm, area },
    threshold: thresholdSet ? threshold : null,
    samples,
  };
  await mkdir(folder, { recursive: true });
  await writeAtomic(join(folder, 'part.json'), `${JSON.stringify(content, null, 2)}\n`);
  return samples.length + 1;
}

/**
 * Reads what `writePartFolder` wrote; samples come with the paths of their files.
 * @throws AppError invalid_request naming what is wrong
 */
export async function readPartFolder(folder: string) {
  const path = join(folder, 'part.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new AppError('invalid_request', `${path} cannot be read: name a folder that \`looktwice part export\` wrote`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_request', `${path} is not JSON: export the part again`, { cause: error });
  }
  const parsed = folderSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('invalid_request', `${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`);
  }
  const { format: _format, samples, ...fields } = parsed.data;
  const root = await realpath(folder);
  const located = [];
  for (const { file, ...sample } of samples) {
    // What the file names must lie in the folder, links followed.
    const found = await realpath(join(folder, file)).catch(() => '');
    if (!found.startsWith(root + sep)) {
      throw new AppError('invalid_request', `${path} names ${file}, which is not in the folder: export the part again`);
    }
    located.push({ path: found, ...sample });
  }
  return { ...fields, samples: located };
}
