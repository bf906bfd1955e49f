import { existsSync, readFileSync } from 'node:fs';

const text = readFileSync('docs/security.md', 'utf8');
const rows = text
  .slice(text.indexOf('## Threats'))
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, threat = '', defence = '', tests = '']) => ({ threat, defence, tests }));

test('every threat has a defence and names tests that exist', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const { threat, defence, tests } of rows) {
    const named = [...tests.matchAll(/`(tests\/[^`]+)`/g)].map((match) => match[1] ?? '');
    expect([threat, defence !== '', named.length > 0]).toEqual([threat, true, true]);
    for (const file of named) {
      expect([file, existsSync(file)]).toEqual([file, true]);
      expect([file, /\b(test|it)(\.each)?\b/.test(readFileSync(file, 'utf8'))]).toEqual([file, true]);
    }
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
