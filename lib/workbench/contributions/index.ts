import { benchmarksContribution } from '../benchmarks/contribution';
import { chatContribution } from '../chat/contribution';
import type { Command } from '../commands/registry';
import { datasetContribution } from '../datasets/contribution';
import { answersContribution } from '../engines/contribution';
import { imageContribution } from '../image/contribution';
import { partContribution } from '../parts/contribution';
import { reviewContribution } from '../review/contribution';
import { settingsContribution, shortcutsContribution, welcomeContribution } from '../shell/contribution';
import type { EditorTab } from '../state/layout';
import type { Contribution } from './contribution';

/** What every feature adds, by the kind of its tab. The compiler names a kind that lacks an entry. */
export const CONTRIBUTIONS: { readonly [Kind in EditorTab['kind']]: Contribution<Kind> } = {
  welcome: welcomeContribution,
  settings: settingsContribution,
  shortcuts: shortcutsContribution,
  benchmarks: benchmarksContribution,
  chat: chatContribution,
  answers: answersContribution,
  image: imageContribution,
  review: reviewContribution,
  part: partContribution,
  dataset: datasetContribution,
};

/** What shows this tab. */
export function contributionOf<Kind extends EditorTab['kind']>(tab: { kind: Kind }): Contribution<Kind> {
  return CONTRIBUTIONS[tab.kind];
}

/** The commands of all features, in the order of the list. */
export const contributedCommands: readonly Command[] = Object.values(CONTRIBUTIONS).flatMap(
  ({ commands = [] }) => commands,
);
