import {
  ChartSpline,
  ClipboardCheck,
  Database,
  Images,
  MessagesSquare,
  Package,
  Search,
  type LucideIcon,
} from 'lucide-react';
import dynamic from 'next/dynamic';
import type { ComponentType } from 'react';
import type { SideView } from '../state/layout';
import { ChatsView } from './chats-view';

const ExplorerView = dynamic(() => import('./explorer-view').then((module) => module.ExplorerView), { ssr: false });
const SearchView = dynamic(() => import('./search-view').then((module) => module.SearchView), { ssr: false });
const ReviewSide = dynamic(() => import('../review/review-side').then((module) => module.ReviewSide), { ssr: false });
const PartsView = dynamic(() => import('../parts/parts-view').then((module) => module.PartsView), { ssr: false });
const BenchmarksView = dynamic(() => import('../benchmarks/benchmarks-view').then((module) => module.BenchmarksView), {
  ssr: false,
});
const DatasetsView = dynamic(() => import('../datasets/list/datasets-view').then((module) => module.DatasetsView), {
  ssr: false,
});

/** The views of the side bar in the order of their icons. `command` shows the view. */
export const SIDE_VIEWS: {
  readonly [View in SideView]: { label: string; command: string; icon: LucideIcon; View: ComponentType };
} = {
  chats: { label: 'Conversations', command: 'view.chats', icon: MessagesSquare, View: ChatsView },
  explorer: { label: 'Explorer', command: 'view.explorer', icon: Images, View: ExplorerView },
  search: { label: 'Search', command: 'view.search', icon: Search, View: SearchView },
  datasets: { label: 'Data sets', command: 'view.datasets', icon: Database, View: DatasetsView },
  parts: { label: 'Parts', command: 'view.parts', icon: Package, View: PartsView },
  benchmarks: { label: 'Benchmarks', command: 'view.benchmarks', icon: ChartSpline, View: BenchmarksView },
  review: { label: 'Review', command: 'view.review', icon: ClipboardCheck, View: ReviewSide },
};
