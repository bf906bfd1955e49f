import { ChartSpline } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';

const BenchmarksEditor = lazyEditor(() => import('./benchmarks-editor').then((module) => module.BenchmarksEditor));

export const benchmarksContribution: Contribution<'benchmarks'> = {
  icon: ChartSpline,
  title: () => 'Benchmarks',
  Editor: () => <BenchmarksEditor />,
};
