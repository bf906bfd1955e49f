import type {
  AddSamples,
  Correction,
  CorrectionPreview,
  PartDetail,
  PartInfo,
  PreviewCorrection,
} from '@/lib/parts/contract';
import { request, withBody } from '../client/api';

async function call<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await request(url, init);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const partUrl = (id: string) => `/api/parts/${encodeURIComponent(id)}`;

export type PartFields = Partial<
  Pick<PartDetail, 'name' | 'number' | 'revision' | 'material' | 'notes' | 'pxPerMm' | 'shared' | 'threshold'>
>;

/** Every call about parts. All reject with `ApiError`. */
export const partsApi = {
  list: async (): Promise<PartInfo[]> => (await call<{ parts: PartInfo[] }>('/api/parts')).parts,
  create: (name: string, goldenIds: string[]) => call<PartDetail>('/api/parts', withBody('POST', { name, goldenIds })),
  detail: (id: string) => call<PartDetail>(partUrl(id)),
  change: (id: string, version: number, fields: PartFields) =>
    call<PartDetail>(partUrl(id), withBody('PATCH', { version, ...fields })),
  remove: (id: string) => call<undefined>(partUrl(id), { method: 'DELETE' }),
  addSamples: (id: string, samples: AddSamples) =>
    call<PartDetail>(`${partUrl(id)}/samples`, withBody('POST', samples)),
  removeSample: (id: string, imageId: string) =>
    call<PartDetail>(`${partUrl(id)}/samples/${encodeURIComponent(imageId)}`, { method: 'DELETE' }),
  preview: (id: string, correction: PreviewCorrection) =>
    call<CorrectionPreview>(`${partUrl(id)}/outlook`, withBody('POST', correction)),
  correct: (id: string, correction: Correction) =>
    call<CorrectionPreview>(`${partUrl(id)}/corrections`, withBody('POST', correction)),
  undo: (id: string, correctionId: string) =>
    call<PartDetail>(`${partUrl(id)}/corrections/${encodeURIComponent(correctionId)}`, { method: 'DELETE' }),
};
