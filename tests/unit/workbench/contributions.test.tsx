import { readFileSync } from 'node:fs';
import { MENUS } from '@/lib/workbench/commands/menus';
import { CONTRIBUTIONS, contributedCommands, contributionOf } from '@/lib/workbench/contributions';
import { TABS } from '@/lib/workbench/contributions/tabs';
import { tabInfo } from '@/lib/workbench/shell/tab-info';

const kinds = TABS.flatMap((schema) => schema.shape.kind.def.values);

it('has an editor, an icon and a title for every kind of tab', () => {
  expect(Object.keys(CONTRIBUTIONS).sort()).toEqual([...kinds].sort());
  for (const kind of kinds) {
    const { Editor, icon } = contributionOf({ kind });
    expect([kind, Editor, icon]).toEqual([kind, expect.anything(), expect.anything()]);
  }
});

it('titles a tab by what it shows', () => {
  expect(tabInfo<'dataset'>({ kind: 'dataset', id: 'dataset:1', datasetId: '1', name: 'Bottles' }).title).toBe(
    'Bottles',
  );
  expect(tabInfo<'review'>({ kind: 'review', id: 'review:1', datasetId: '1', name: 'Bottles' }).title).toBe(
    'Review: Bottles',
  );
});

it('lists a contributed command in the menu that it names', () => {
  for (const { id, menu } of contributedCommands) {
    const titles = MENUS.filter(({ items }) => items.includes(id)).map(({ title }) => title);
    expect([id, menu === undefined || titles.includes(menu)]).toEqual([id, true]);
  }
});

it('keeps the editors out of the first load', () => {
  const index = readFileSync('lib/workbench/contributions/index.ts', 'utf8');
  const folders = [...index.matchAll(/from '\.\.\/(\w+)\/contribution'/g)].map(([, folder = '']) => folder);
  expect(folders.length).toBeGreaterThan(6);
  const eager = folders
    .filter((folder) => folder !== 'chat')
    .filter((folder) => /^import .*-(editor|view)'/m.test(read(folder).replace(/^.*lazy-editor.*$/m, '')));
  expect(eager).toEqual([]);
});

const read = (folder: string) => readFileSync(`lib/workbench/${folder}/contribution.tsx`, 'utf8');
