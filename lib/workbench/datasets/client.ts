import type {
  BatchJobInfo,
  BatchMode,
  CalibrationReport,
  DraftJobInfo,
  DatasetDetail,
  DatasetInfo,
  ImportFormat,
  ImportJobInfo,
  ImportProblemsResponse,
  ItemsResponse,
  JobCommand,
  StartDrafts,
} from '@/lib/datasets/contract';
import { request, withBody } from '../client/api';

async function call<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await request(url, init);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const setUrl = (id: string) => `/api/datasets/${encodeURIComponent(id)}`;

export type ItemsWanted = {
  order: 'path' | 'score' | 'disagreement' | 'uncertainty';
  label: '' | 'normal' | 'anomalous' | 'unlabelled';
  /** What the model says. */
  modelVerdict: '' | 'normal' | 'anomalous' | 'unsure';
  q: string;
};

/** Every call that the data-set views make. All reject with `ApiError`. */
export const datasetsApi = {
  list: async (): Promise<DatasetInfo[]> => (await call<{ datasets: DatasetInfo[] }>('/api/datasets')).datasets,
  create: (name: string) => call<DatasetInfo>('/api/datasets', withBody('POST', { name })),
  detail: (id: string) => call<DatasetDetail>(setUrl(id)),
  rename: (id: string, name: string) => call<DatasetDetail>(setUrl(id), withBody('PATCH', { name })),
  remove: (id: string) => call<undefined>(setUrl(id), { method: 'DELETE' }),
  items: (id: string, { order, label, modelVerdict, q }: ItemsWanted, cursor: string | null) => {
    const params = new URLSearchParams({ order, limit: '500' });
    const optional = { label, modelVerdict, q, cursor: cursor ?? '' };
    Object.entries(optional).forEach(([name, value]) => value !== '' && params.set(name, value));
    return call<ItemsResponse>(`${setUrl(id)}/items?${params}`);
  },
  importFolder: (id: string, directory: string, format: ImportFormat) =>
    call<ImportJobInfo>(`${setUrl(id)}/imports`, withBody('POST', { directory, format })),
  importArchive: (id: string, file: File, format: ImportFormat) =>
    call<ImportJobInfo>(`${setUrl(id)}/imports?${new URLSearchParams({ name: file.name, format })}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    }),
  problems: (id: string, jobId: string, after: number) =>
    call<ImportProblemsResponse>(`${setUrl(id)}/imports/${jobId}/problems?after=${after}`),
  /** The same as a CSV file. */
  problemsUrl: (id: string, jobId: string) => `${setUrl(id)}/imports/${jobId}/problems?format=csv`,
  startBatch: (id: string, mode: BatchMode, referenceIds: string[] = []) =>
    call<BatchJobInfo>(`${setUrl(id)}/batches`, withBody('POST', { mode, referenceIds })),
  startDrafts: (id: string, wanted: StartDrafts) =>
    call<DraftJobInfo>(`${setUrl(id)}/drafts`, withBody('POST', wanted)),
  acceptedReferences: (id: string) =>
    call<{ id: string; imageIds: string[] }>(`${setUrl(id)}/references`, withBody('POST', {})),
  calibrate: (id: string) => call<CalibrationReport>(`${setUrl(id)}/calibrate`, withBody('POST', {})),
  command: (id: string, kind: 'imports' | 'batches' | 'drafts', jobId: string, action: JobCommand['action']) =>
    call<unknown>(`${setUrl(id)}/${kind}/${jobId}`, withBody('PATCH', { action })),
  exportUrl: (id: string, format: string, accepted: boolean) =>
    `${setUrl(id)}/export?${new URLSearchParams({ format, ...(accepted ? { accepted: 'true' } : {}) })}`,
};
