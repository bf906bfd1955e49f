import { readFileSync } from 'node:fs';
import boundaries from 'eslint-plugin-boundaries';
import next from 'eslint-config-next/core-web-vitals';
import tseslint from 'typescript-eslint';

/** The rooms of the code, highest first: each imports itself and what it lists in `uses`, which stands below it. */
const ROOMS = JSON.parse(readFileSync(new URL('lib/rooms.json', import.meta.url), 'utf8'));

const elements = ROOMS.flatMap(({ name, places = [`lib/${name}`] }) =>
  places.map((pattern) => ({ type: name, pattern, mode: /\.tsx?$/.test(pattern) ? 'file' : 'folder' })),
).sort((a, b) => b.pattern.length - a.pattern.length);

const ROOT_FILES = ROOMS.flatMap(({ places = [] }) => places.filter((place) => /^[^/]+\.ts$/.test(place)));

const directions = ROOMS.map(({ name, uses }) => ({ from: [name], allow: [name, ...uses.split(' ').filter(Boolean)] }));

const PRISMA = ['@prisma/*', '**/generated/prisma*', '@/lib/database/generated/*'];

export default tseslint.config(
  {
    ignores: ['.next/', 'dist/', 'coverage/', 'lib/database/generated/', 'models/', 'next-env.d.ts', 'test-results/'],
  },
  {
    // Prettier wraps code and leaves comments and long strings alone.
    files: ['**/*.{ts,tsx,mts,mjs}'],
    extends: [tseslint.configs.base],
    rules: {
      'max-len': [
        'error',
        {
          code: 120,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
          ignoreUrls: true,
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'lib/**/*.{ts,tsx}', ...ROOT_FILES],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/include': ['app/**/*', 'lib/**/*', ...ROOT_FILES],
      'import/resolver': { typescript: { project: import.meta.dirname } },
    },
    rules: {
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: directions,
          message:
            '${file.type} does not use ${dependency.type}: see lib/rooms.json and docs/decisions/import-directions.md',
        },
      ],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'lib/**/*.{ts,tsx}', 'prisma/**/*.ts', '*.ts'],
    ignores: ['lib/env/index.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'settings are declared in lib/env/settings.ts and read by setting()',
        },
      ],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'lib/**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    ignores: ['lib/database/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: PRISMA, message: 'only lib/database may import Prisma' }] },
      ],
    },
  },
  {
    files: ['lib/workbench/**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'sharp', 'onnxruntime-node', 'pino', 'server-only', ...PRISMA],
              allowTypeImports: true,
              message: 'the workbench runs in the browser and must not import server-only modules',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'lib/workbench/**/*.{ts,tsx}'],
    extends: [next],
  },
);
