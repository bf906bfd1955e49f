import { Database } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';

const DatasetEditor = lazyEditor(() => import('./list/dataset-editor').then((module) => module.DatasetEditor));

export const datasetContribution: Contribution<'dataset'> = {
  icon: Database,
  title: ({ name }) => name,
  Editor: ({ tab }) => <DatasetEditor key={tab.datasetId} datasetId={tab.datasetId} />,
};
