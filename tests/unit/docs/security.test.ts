import { existsSync, readFileSync } from 'node:fs';

const text = readFileSync('docs/security.md', 'utf8');

/** The rows of the table below a heading, cell by cell, without its head. */
function rowsBelow(heading: string): string[][] {
  const [section = ''] = text.slice(text.indexOf(heading) + heading.length).split('\n## ');
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** Fails unless every file that a cell names is a test. */
function expectTests(row: string, cell: string): void {
  const named = [...cell.matchAll(/`(tests\/[^`]+)`/g)].map((match) => match[1] ?? '');
  expect([row, named.length > 0]).toEqual([row, true]);
  for (const file of named) {
    expect([file, existsSync(file)]).toEqual([file, true]);
    expect([file, /\b(test|it)(\.each)?\b/.test(readFileSync(file, 'utf8'))]).toEqual([file, true]);
  }
}

test('every threat has a defence and names tests that exist', () => {
  const rows = rowsBelow('## Threats');
  expect(rows.length).toBeGreaterThan(15);
  for (const [threat = '', defence = '', tests = ''] of rows) {
    expect([threat, defence !== '']).toEqual([threat, true]);
    expectTests(threat, tests);
  }
});

test('every fault that an attack found names tests that exist', () => {
  const rows = rowsBelow('## Found by attack');
  expect(rows.length).toBeGreaterThan(15);
  for (const [found = '', tests = ''] of rows) {
    expectTests(found, tests);
  }
});

test('the files and settings that it names exist', () => {
  for (const [, file = ''] of text.matchAll(/`((?:lib|app|docs|scripts)\/[\w./[\]()-]+)`/g)) {
    const found = [file, `${file}.ts`, `${file}.tsx`].some((path) => existsSync(path));
    expect([file, found]).toEqual([file, true]);
  }
  const settings =
    readFileSync('lib/auth/settings.ts', 'utf8') +
    readFileSync('lib/auth/mode.ts', 'utf8') +
    readFileSync('lib/http/true-address.ts', 'utf8') +
    readFileSync('lib/language/completions/settings.ts', 'utf8');
  for (const [name] of text.matchAll(/LOOKTWICE_[A-Z_]+/g)) {
    expect([name, settings.includes(name)]).toEqual([name, true]);
  }
});
