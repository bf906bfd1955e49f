import {
  activeTab,
  closeTab,
  closeTabsOf,
  cycleTab,
  keepActiveTab,
  moveTab,
  moveTabBeside,
  openImage,
  openTab,
  reopenTab,
  splitEditor,
} from '@/lib/workbench/state/editors';
import { layoutStore, WELCOME, type Layout } from '@/lib/workbench/state/layout';

const initial = layoutStore.get();
const names = (layout: Layout) => layout.groups.map((group) => group.tabs.map(({ id }) => id));

beforeEach(() => layoutStore.set(initial));

const image = (imageId: string) => openImage({ imageId, name: `${imageId}.png` });

it('opens an image in place of the welcome page, and only once', () => {
  image('a');
  image('b');
  image('a');
  expect(names(layoutStore.get())).toEqual([['image:a', 'image:b']]);
  expect(activeTab(layoutStore.get())?.id).toBe('image:a');
});

it('splits into at most three groups and drops a group with its last tab', () => {
  image('a');
  splitEditor();
  splitEditor();
  splitEditor();
  expect(layoutStore.get().groups).toHaveLength(3);
  closeTab(2, 'image:a');
  closeTab(1, 'image:a');
  expect(names(layoutStore.get())).toEqual([['image:a']]);
  closeTab(0, 'image:a');
  expect(names(layoutStore.get())).toEqual([[]]);
  expect(activeTab(layoutStore.get())).toBeNull();
});

it('shows the neighbour of a closed tab', () => {
  image('a');
  image('b');
  image('c');
  closeTab(0, 'image:c');
  expect(activeTab(layoutStore.get())?.id).toBe('image:b');
  cycleTab(1);
  expect(activeTab(layoutStore.get())?.id).toBe('image:a');
});

it('moves a tab between groups', () => {
  image('a');
  image('b');
  splitEditor();
  moveTab('image:a', 0, 1, 'image:b');
  expect(names(layoutStore.get())).toEqual([['image:b'], ['image:a', 'image:b']]);
});

it('closes the tabs of what is gone', () => {
  openTab(WELCOME);
  openTab({ kind: 'chat', id: 'chat:x', conversationId: 'x' });
  closeTabsOf((tab) => tab.kind === 'chat' && tab.conversationId === 'x');
  expect(names(layoutStore.get()).flat()).not.toContain('chat:x');
});

it('shows a look-only image in one tab that the next takes over, until it is kept', () => {
  const look = (imageId: string) => openImage({ imageId, name: `${imageId}.png` }, { preview: true });
  look('a');
  look('b');
  expect(names(layoutStore.get())).toEqual([['image:b']]);
  keepActiveTab();
  look('c');
  expect(names(layoutStore.get())).toEqual([['image:b', 'image:c']]);
  image('c');
  look('d');
  expect(names(layoutStore.get())).toEqual([['image:b', 'image:c', 'image:d']]);
});

it('opens closed tabs again, the last first, and none that is open', () => {
  image('a');
  image('b');
  closeTab(0, 'image:a');
  closeTab(0, 'image:b');
  image('b');
  reopenTab();
  expect(names(layoutStore.get())).toEqual([['image:b', 'image:a']]);
});

it('moves a tab into a group beside, unless it is the only one', () => {
  image('a');
  moveTabBeside('image:a', 0);
  expect(names(layoutStore.get())).toEqual([['image:a']]);
  image('b');
  moveTabBeside('image:b', 0);
  expect(names(layoutStore.get())).toEqual([['image:a'], ['image:b']]);
  // Moved, not closed: there is nothing of it to open again.
  reopenTab();
  expect(
    names(layoutStore.get())
      .flat()
      .filter((name) => name === 'image:b'),
  ).toHaveLength(1);
});
