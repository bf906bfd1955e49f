import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { childEnvironment, setting } from '@/lib/env';
import { settingProblems } from '@/lib/env/check';
import { settings, type SettingName } from '@/lib/env/settings';

const names = Object.keys(settings) as SettingName[];

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.startsWith('database/generated'))
    .map((file) => join(folder, file));
}

const usesEnvironment = (file: string) =>
  /\bprocess\.env\b/.test(readFileSync(file, 'utf8').replace(/`process\.env`/g, ''));

test('nothing but lib/env reads the environment of the product', () => {
  const files = [...sourcesOf('app'), ...sourcesOf('lib'), ...sourcesOf('prisma'), 'proxy.ts', 'instrumentation.ts'];
  expect(files.length).toBeGreaterThan(400);
  // Next.js replaces NEXT_RUNTIME when it compiles instrumentation.ts.
  expect(files.filter(usesEnvironment)).toEqual(['lib/env/index.ts', 'instrumentation.ts']);
});

test('what the scripts and the tests read is declared too', () => {
  const files = ['scripts', 'bin', 'tests'].flatMap(sourcesOf);
  const read = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bprocess\.env\.([A-Z][A-Z0-9_]*)/g)].map(([, name = '']) => name),
  );
  // A value that one test puts into the environment to see that it goes no further.
  const undeclared = new Set(read.filter((name) => !Object.hasOwn(settings, name) && name !== 'LOOKTWICE_TEST_SECRET'));
  expect([...undeclared]).toEqual([]);
  expect(new Set(read).size).toBeGreaterThan(10);
});

test('values are parsed, and an empty one counts as not set', () => {
  expect(setting('LOOKTWICE_THREADS', { LOOKTWICE_THREADS: '4' })).toBe(4);
  expect(setting('LOOKTWICE_PROXY', { LOOKTWICE_PROXY: '1' })).toBe(true);
  expect(setting('LOOKTWICE_MODE', { LOOKTWICE_MODE: 'team' })).toBe('team');
  for (const name of names) {
    expect([name, setting(name, {}), setting(name, { [name]: '' })]).toEqual([name, undefined, undefined]);
  }
  expect(childEnvironment({ LOOKTWICE_THREADS: '1' })).toEqual({ ...process.env, LOOKTWICE_THREADS: '1' });
});

test.each([
  ['LOOKTWICE_MODE', 'Team', 'LOOKTWICE_MODE must be local or team'],
  ['LOOKTWICE_PROXY', 'yes', 'LOOKTWICE_PROXY must be 0 or 1'],
  ['LOOKTWICE_THREADS', '0', 'LOOKTWICE_THREADS must be a whole number from 1 to 64'],
  ['LOOKTWICE_THREADS', '1e1', 'LOOKTWICE_THREADS must be a whole number from 1 to 64'],
  ['LOOKTWICE_LOG_LEVEL', 'loud', 'LOOKTWICE_LOG_LEVEL must be one of trace, debug'],
  ['LOOKTWICE_URL', 'example.com', 'LOOKTWICE_URL must be an address that begins with https://'],
] as const)('%s=%s is refused with one sentence', (name, value, message) => {
  expect(() => setting(name, { [name]: value })).toThrow(message);
  expect(settingProblems({ [name]: value })).toEqual([expect.stringContaining(message)]);
});

test('a misspelt setting is reported; variables of other programs are not', () => {
  expect(settingProblems({ LOOKTWICE_DTA: '/srv', PATH: '/bin', EDITOR: 'vi' })).toEqual([
    'LOOKTWICE_DTA is not a setting: see the table in ARCHITECTURE.md',
  ]);
});

test('no message repeats a value, which may be a secret', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string({ minLength: 12 }), (name, value) => {
      for (const problem of settingProblems({ [name]: `~${value}~` })) {
        expect(problem).not.toContain(value);
      }
    }),
  );
});
