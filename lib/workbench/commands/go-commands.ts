import * as editors from '../state/editors';
import * as layout from '../state/layout';
import { overlayStore } from '../state/overlay';
import { focusPart, focusPartNamed } from './parts';
import { stepProblem } from './problem-navigation';
import type { Command } from './registry';

/** Ways to get somewhere. */
export const goCommands: readonly Command[] = [
  {
    id: 'go.quickOpen',
    category: 'Go',
    title: 'Go to Image or Conversation…',
    keybindings: ['mod+p'],
    keywords: 'quick open',
    run: () => overlayStore.set('files'),
  },
  {
    id: 'go.nextProblem',
    category: 'Go',
    title: 'Next Problem',
    keybindings: ['f8'],
    when: ({ hasProblems }) => hasProblems,
    run: () => stepProblem(1),
  },
  {
    id: 'go.previousProblem',
    category: 'Go',
    title: 'Previous Problem',
    keybindings: ['shift+f8'],
    when: ({ hasProblems }) => hasProblems,
    run: () => stepProblem(-1),
  },
  { id: 'go.nextPart', category: 'Go', title: 'Focus Next Part', keybindings: ['f6'], run: () => focusPart(1) },
  {
    id: 'go.previousPart',
    category: 'Go',
    title: 'Focus Previous Part',
    keybindings: ['shift+f6'],
    run: () => focusPart(-1),
  },
  {
    id: 'go.nextEditor',
    category: 'Go',
    title: 'Next Editor',
    keybindings: ['mod+k arrowright'],
    when: ({ hasTabs }) => hasTabs,
    run: () => editors.cycleTab(1),
  },
  {
    id: 'go.previousEditor',
    category: 'Go',
    title: 'Previous Editor',
    keybindings: ['mod+k arrowleft'],
    when: ({ hasTabs }) => hasTabs,
    run: () => editors.cycleTab(-1),
  },
  ...([1, 2, 3] as const).map((group): Command => ({
    id: `go.group${group}`,
    category: 'Go',
    title: `Focus Editor Group ${group}`,
    keybindings: [`mod+${group}`],
    run: () => {
      editors.focusGroup(group - 1);
      focusPartNamed('editor');
    },
  })),
  { id: 'go.welcome', category: 'Go', title: 'Welcome', run: () => editors.openTab(layout.WELCOME) },
];
