import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import { importFormatSchema } from './formats';

export const jobStates = ['waiting', 'running', 'paused', 'done', 'cancelled', 'failed'] as const;
export const jobStateSchema = z.enum(jobStates);
export type JobState = z.infer<typeof jobStateSchema>;

export const importLimits = {
  /** Bytes of an uploaded archive. */
  archiveBytes: 16 * 2 ** 30,
  /** Bytes of all that an archive unpacks to. */
  unpackedBytes: 64 * 2 ** 30,
  entries: 500_000,
  /** Unpacked bytes per packed byte, over the whole archive and (from 1 MB up) per entry. */
  ratio: 200,
  /** Images of one set. */
  items: 200_000,
} as const;

/** `POST /api/datasets/:id/imports` with JSON: a folder of the server's machine (local mode only). */
export const importFolderSchema = z.object({
  directory: z.string().min(1).max(4096),
  format: importFormatSchema.default('auto'),
});

/** Query of `POST /api/datasets/:id/imports` with an archive (zip, tar, tar.gz) as its body. */
export const importQuerySchema = z.object({
  name: z.string().min(1).max(255).default('archive'),
  format: importFormatSchema.default('auto'),
});

export const importJobSchema = z.object({
  id: idSchema,
  datasetId: idSchema,
  source: z.string(),
  format: importFormatSchema,
  state: jobStateSchema,
  total: z.int().nullable(),
  position: z.int(),
  added: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  skipped: z.int(),
  problems: z.int(),
  /** How many problems there are of each code (`problemKinds`). */
  problemCodes: z.record(z.string(), z.int()),
  error: z.string().nullable(),
  imagesPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type ImportJobInfo = z.infer<typeof importJobSchema>;

/** `GET /api/datasets/:id/imports/:jobId/problems?after=` */
export const importProblemSchema = z.object({ seq: z.int(), code: z.string(), place: z.string(), message: z.string() });
export type ImportProblemInfo = z.infer<typeof importProblemSchema>;
/** `format=csv`: all of them as a file to download. */
export const problemsQuerySchema = z.object({
  after: z.coerce.number().int().min(-1).default(-1),
  format: z.enum(['json', 'csv']).default('json'),
});
export const importProblemsSchema = z.object({ problems: z.array(importProblemSchema), next: z.int().nullable() });
export type ImportProblemsResponse = z.infer<typeof importProblemsSchema>;

/** `PATCH` of an import or a batch inspection. */
export const jobCommandSchema = z.object({ action: z.enum(['pause', 'resume', 'cancel']) });
export type JobCommand = z.infer<typeof jobCommandSchema>;
