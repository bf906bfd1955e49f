import {
  ChartSpline,
  ClipboardCheck,
  Columns2,
  Database,
  Image as ImageIcon,
  Keyboard,
  MessageSquare,
  Package,
  ScanEye,
  Settings,
  type LucideIcon,
} from 'lucide-react';
import { findSession } from '../chat/session-registry';
import type { EditorTab } from '../state/layout';

/** Icon and title of a tab. */
export function tabInfo(tab: EditorTab): { icon: LucideIcon; title: string } {
  switch (tab.kind) {
    case 'welcome':
      return { icon: ScanEye, title: 'Welcome' };
    case 'settings':
      return { icon: Settings, title: 'Settings' };
    case 'shortcuts':
      return { icon: Keyboard, title: 'Keyboard Shortcuts' };
    case 'benchmarks':
      return { icon: ChartSpline, title: 'Benchmarks' };
    case 'dataset':
      return { icon: Database, title: tab.name };
    case 'part':
      return { icon: Package, title: tab.name };
    case 'image':
      return { icon: ImageIcon, title: tab.name };
    case 'review':
      return { icon: ClipboardCheck, title: `Review: ${tab.name}` };
    case 'answers':
      return { icon: Columns2, title: 'Compared answers' };
    case 'chat':
      return { icon: MessageSquare, title: findSession(tab.conversationId)?.state.get().title || 'Chat' };
  }
}
