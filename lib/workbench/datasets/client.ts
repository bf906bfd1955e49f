import type { BatchMode, DatasetInfo, ImportFormat, JobCommand, StartDrafts } from '@/lib/datasets/contract';
import { json, request, withBody } from '../client/api';

const setUrl = (id: string) => `/api/datasets/${encodeURIComponent(id)}`;

export type ItemsWanted = {
  order: 'path' | 'score' | 'disagreement' | 'uncertainty';
  label: '' | 'normal' | 'anomalous' | 'unlabelled';
  /** What the model says. */
  modelVerdict: '' | 'normal' | 'anomalous' | 'unsure';
  q: string;
};

/** Every call that the data-set views make, checked against its contract. All reject with `ApiError`. */
export const datasetsApi = {
  list: async (): Promise<DatasetInfo[]> =>
    (await json(({ datasetListSchema }) => datasetListSchema, '/api/datasets')).datasets,
  create: (name: string) =>
    json(({ datasetInfoSchema }) => datasetInfoSchema, '/api/datasets', withBody('POST', { name })),
  detail: (id: string) => json(({ datasetDetailSchema }) => datasetDetailSchema, setUrl(id)),
  rename: (id: string, name: string) =>
    json(({ datasetDetailSchema }) => datasetDetailSchema, setUrl(id), withBody('PATCH', { name })),
  remove: (id: string) => request(setUrl(id), { method: 'DELETE' }),
  items: (id: string, { order, label, modelVerdict, q }: ItemsWanted, cursor: string | null) => {
    const params = new URLSearchParams({ order, limit: '500' });
    const optional = { label, modelVerdict, q, cursor: cursor ?? '' };
    Object.entries(optional).forEach(([name, value]) => value !== '' && params.set(name, value));
    return json(({ itemsResponseSchema }) => itemsResponseSchema, `${setUrl(id)}/items?${params}`);
  },
  importFolder: (id: string, directory: string, format: ImportFormat) =>
    json(({ importJobSchema }) => importJobSchema, `${setUrl(id)}/imports`, withBody('POST', { directory, format })),
  importArchive: (id: string, file: File, format: ImportFormat) =>
    json(
      ({ importJobSchema }) => importJobSchema,
      `${setUrl(id)}/imports?${new URLSearchParams({ name: file.name, format })}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: file,
      },
    ),
  problems: (id: string, jobId: string, after: number) =>
    json(({ importProblemsSchema }) => importProblemsSchema, `${setUrl(id)}/imports/${jobId}/problems?after=${after}`),
  /** The same as a CSV file. */
  problemsUrl: (id: string, jobId: string) => `${setUrl(id)}/imports/${jobId}/problems?format=csv`,
  startBatch: (id: string, mode: BatchMode, referenceIds: string[] = []) =>
    json(({ batchJobSchema }) => batchJobSchema, `${setUrl(id)}/batches`, withBody('POST', { mode, referenceIds })),
  startDrafts: (id: string, wanted: StartDrafts) =>
    json(({ draftJobSchema }) => draftJobSchema, `${setUrl(id)}/drafts`, withBody('POST', wanted)),
  acceptedReferences: (id: string) =>
    json(({ referencesSchema }) => referencesSchema, `${setUrl(id)}/references`, withBody('POST', {})),
  calibrate: (id: string) =>
    json(({ calibrationReportSchema }) => calibrationReportSchema, `${setUrl(id)}/calibrate`, withBody('POST', {})),
  command: (id: string, kind: 'imports' | 'batches' | 'drafts', jobId: string, action: JobCommand['action']) =>
    request(`${setUrl(id)}/${kind}/${jobId}`, withBody('PATCH', { action })),
  exportUrl: (id: string, format: string, accepted: boolean) =>
    `${setUrl(id)}/export?${new URLSearchParams({ format, ...(accepted ? { accepted: 'true' } : {}) })}`,
};
