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
export const exportLabels = {
  coco: 'COCO',
  yolo: 'YOLO (outlines)',
  mvtec: 'MVTec layout with masks',
  'label-studio': 'Label Studio JSON',
  llava: 'Instruction data (LLaVA)',
  'reviews-csv': 'Reviews as CSV',
} as const;
export type ExportFormat = keyof typeof exportLabels;
export const exportFormats = Object.keys(exportLabels) as ExportFormat[];
export const exportFormatSchema = z.enum(exportFormats);

export const exportQuerySchema = z.object({
  format: exportFormatSchema,
  /** Only items whose decision is `accepted` or `relabelled`. */
  accepted: z.stringbool().default(false),
  /** YOLO: boxes, or outlines. */
  task: z.enum(['detect', 'segment']).default('segment'),
});
export type ExportQuery = z.infer<typeof exportQuerySchema>;
