import { readFileSync } from 'node:fs';
import rooms from '@/lib/rooms.json';
import { withRoomTable } from '../../../scripts/room-table';
import { findCycles, importsOf, readImports } from '../../support/import-graph';

const imports = readImports();
const places = rooms
  .flatMap(({ name, places: own }) => (own ?? [`lib/${name}`]).map((place) => ({ name, place })))
  .sort((a, b) => b.place.length - a.place.length);
const roomOf = (file: string): string | undefined =>
  places.find(({ place }) => file === place || file.startsWith(`${place}/`))?.name;
const between = imports.flatMap(({ from, to }) => {
  const [a, b] = [roomOf(from), roomOf(to)];
  return a !== undefined && b !== undefined && a !== b ? [{ from: a, to: b, file: from }] : [];
});

test('every file of app and lib is in a room', () => {
  expect(imports.length).toBeGreaterThan(2000);
  const homeless = new Set(imports.flatMap(({ from, to }) => [from, to]).filter((file) => /^(app|lib)\//.test(file)));
  expect([...homeless].filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test('the table of ARCHITECTURE.md is that of lib/rooms.json', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8');
  expect(withRoomTable(text)).toBe(text);
});

test('rooms use rooms below them alone, so that there is no cycle', () => {
  const order = rooms.map(({ name }) => name);
  const wrong = rooms.flatMap(({ name, uses }, at) =>
    uses
      .split(' ')
      .filter((used) => used !== '' && order.indexOf(used) <= at)
      .map((used) => `${name} uses ${used}`),
  );
  expect(wrong).toEqual([]);
});

test('lib/rooms.json lists what rooms import, no less and no more', () => {
  const real = new Map(rooms.map(({ name }) => [name, new Set<string>()]));
  between.forEach(({ from, to }) => real.get(from)?.add(to));
  const order = rooms.map(({ name }) => name);
  expect(
    rooms.map(({ name }) => ({ name, uses: order.filter((other) => real.get(name)?.has(other)).join(' ') })),
  ).toEqual(rooms.map(({ name, uses }) => ({ name, uses })));
});

test('no two rooms import each other, by whatever way', () => {
  expect(findCycles(between)).toEqual([]);
});

test('no file loads itself by way of others', () => {
  expect(findCycles(imports.filter(({ type }) => !type))).toEqual([]);
});

test('a new cycle is found, through however many files', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'd' },
  ];
  expect(findCycles(edges)).toEqual([]);
  expect(findCycles([...edges, { from: 'd', to: 'b' }])).toEqual([['b', 'c', 'd']]);
  const cycleOfAll = imports.filter(({ type }) => !type).map(({ from, to }) => ({ from: to, to: from }));
  expect(findCycles([...imports.filter(({ type }) => !type), ...cycleOfAll]).length).toBeGreaterThan(0);
});

test('imports of types alone load nothing', () => {
  const text = `
    import type { A } from './a';
    import { type B } from './b';
    import { c, type C } from './c';
    import './d';
    export type { E } from './e';
    export * from './f';
    const g = import('./g');
    let h: import('./h').H;`;
  expect(importsOf(text, 'x.ts')).toEqual([
    ...['a', 'b'].map((name) => ({ module: `./${name}`, type: true })),
    ...['c', 'd'].map((name) => ({ module: `./${name}`, type: false })),
    { module: './e', type: true },
    ...['f', 'g'].map((name) => ({ module: `./${name}`, type: false })),
    { module: './h', type: true },
  ]);
});
