import type { AddSamples, Correction, PartDetail, PartInfo, PreviewCorrection } from '@/lib/parts/contract';
import { json, request, withBody } from '../client/api';

const partUrl = (id: string) => `/api/parts/${encodeURIComponent(id)}`;

export type PartFields = Partial<
  Pick<PartDetail, 'name' | 'number' | 'revision' | 'material' | 'notes' | 'pxPerMm' | 'shared' | 'threshold'>
>;

/** Every call about parts, checked against its contract. All reject with `ApiError`. */
export const partsApi = {
  list: async (): Promise<PartInfo[]> => (await json(({ partListSchema }) => partListSchema, '/api/parts')).parts,
  create: (name: string, goldenIds: string[]) =>
    json(({ partDetailSchema }) => partDetailSchema, '/api/parts', withBody('POST', { name, goldenIds })),
  detail: (id: string) => json(({ partDetailSchema }) => partDetailSchema, partUrl(id)),
  change: (id: string, version: number, fields: PartFields) =>
    json(({ partDetailSchema }) => partDetailSchema, partUrl(id), withBody('PATCH', { version, ...fields })),
  remove: (id: string) => request(partUrl(id), { method: 'DELETE' }),
  addSamples: (id: string, samples: AddSamples) =>
    json(({ partDetailSchema }) => partDetailSchema, `${partUrl(id)}/samples`, withBody('POST', samples)),
  removeSample: (id: string, imageId: string) =>
    json(({ partDetailSchema }) => partDetailSchema, `${partUrl(id)}/samples/${encodeURIComponent(imageId)}`, {
      method: 'DELETE',
    }),
  preview: (id: string, correction: PreviewCorrection) =>
    json(({ previewSchema }) => previewSchema, `${partUrl(id)}/outlook`, withBody('POST', correction)),
  correct: (id: string, correction: Correction) =>
    json(({ previewSchema }) => previewSchema, `${partUrl(id)}/corrections`, withBody('POST', correction)),
  undo: (id: string, correctionId: string) =>
    json(({ partDetailSchema }) => partDetailSchema, `${partUrl(id)}/corrections/${encodeURIComponent(correctionId)}`, {
      method: 'DELETE',
    }),
};
