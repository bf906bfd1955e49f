import { z } from 'zod';

/** How an import may be laid out; `auto` finds out. */
export const importFormats = [
  'auto',
  'mvtec',
  'visa',
  'coco',
  'yolo',
  'label-studio',
  'llava',
  'mmad',
  'voc',
  'cvat',
  'labelme',
  'via',
  'supervisely',
  'datumaro',
  'createml',
  'bdd100k',
  'isat',
  'vott',
  'darwin',
  'sagemaker',
  'labelbox',
  'huggingface',
  'table',
  'manifest',
  'aitex',
  'elpv',
  'headct',
  'yes-no',
  'folder',
  'images',
] as const;
export const importFormatSchema = z.enum(importFormats);
export type ImportFormat = z.infer<typeof importFormatSchema>;

/** What a set can be written as. */
export const exportFormats = ['coco', 'yolo', 'mvtec', 'label-studio', 'llava', 'reviews-csv'] as const;
export const exportFormatSchema = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

export const exportQuerySchema = z.object({
  format: exportFormatSchema,
  /** Only items whose decision is `accepted` or `relabelled`. */
  accepted: z.stringbool().default(false),
  /** YOLO: boxes, or outlines. */
  task: z.enum(['detect', 'segment']).default('segment'),
});
export type ExportQuery = z.infer<typeof exportQuerySchema>;
