import { benchmarksTab } from '../benchmarks/tab';
import { chatTab } from '../chat/tab';
import { datasetTab } from '../datasets/tab';
import { answersTab } from '../engines/tab';
import { imageTab } from '../image/tab';
import { partTab } from '../parts/tab';
import { reviewTab } from '../review/tab';
import { settingsTab, shortcutsTab, welcomeTab } from '../shell/tab';

/** What a tab of each kind keeps, so that a reload finds it again. */
export const TABS = [
  welcomeTab,
  settingsTab,
  shortcutsTab,
  benchmarksTab,
  chatTab,
  answersTab,
  imageTab,
  reviewTab,
  partTab,
  datasetTab,
] as const;
