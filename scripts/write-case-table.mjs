import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes docs/cases.md: which test shows each situation that was collected from public reports, and which further
 * members of the kinds are tested. A situation is found by its mark (`c01`, `y22`) in the names of tests, or by the
 * folder's name in the test of the collection itself.
 */
const root = path.resolve(import.meta.dirname, '..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const tests = readdirSync(path.join(root, 'tests'), { recursive: true })
  .filter((file) => file.endsWith('.test.ts') || file.endsWith('.test.tsx'))
  .map((file) => path.posix.join('tests', file.replaceAll('\\', '/')))
  .sort();
/** Names of tests and rows of their tables: the first text of a call or of a row. */
const namesIn = (text) => [
  ...[...text.matchAll(/\b(?:test|it)(?:\.each[^(]*)?\(\s*(['"`])(.+?)\1/g)].map(([, , name]) => name),
  ...[...text.matchAll(/\n\s+\[\s*(['"])(.+?)\1,/g)].map(([, , name]) => name),
];
const named = tests
  .map((file) => ({ file, text: read(file) }))
  .map(({ file, text }) => ({ file, text, names: namesIn(text) }));

const [index] = process.argv.slice(2);
const situations = [...readFileSync(index, 'utf8').matchAll(/^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|/gm)];
const shown = situations.map(([, id, , situation]) => {
  const mark = id.slice(0, id.indexOf('-'));
  const own = named.flatMap(({ file, names }) =>
    names.filter((name) => new RegExp(`\\b${mark}\\b`).test(name)).map((name) => `\`${file}\`: ${name}`),
  );
  const whole = named
    .filter(({ file, text }) => text.includes(id) && file.endsWith('shared-cases.test.ts'))
    .map(({ file }) => `\`${file}\``);
  const others = named
    .filter(({ file, text }) => text.includes(mark) && !file.endsWith('shared-cases.test.ts') && own.length === 0)
    .map(({ file }) => `\`${file}\``);
  return `| ${id} | ${situation.trim()} | ${[...whole, ...own.slice(0, 2), ...others.slice(0, 2)].join('<br>').replaceAll('|', '\\|')} |`;
});
const members = named
  .filter(({ file }) => file.includes('/members/') || file.endsWith('import-members.test.ts'))
  .map(({ file, names }) => `\`${file}\` (${names.length}): ${names.join('; ')}.`);
writeFileSync(
  path.join(root, 'docs/cases.md'),
  `# Situations from public reports, and the tests that show them

Written by \`npm run docs:cases -- <the collection's INDEX.md>\` from the names of the tests. The collection lies beside the project
(\`../shared/cases\`); \`tests/integration/shared-cases.test.ts\` imports each of its inputs as it is.

| situation | what it is | tests |
|---|---|---|
${shown.join('\n')}

## Further members of the kinds

${members.join('\n\n')}
`,
);
