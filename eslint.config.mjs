import boundaries from 'eslint-plugin-boundaries';
import next from 'eslint-config-next/core-web-vitals';
import tseslint from 'typescript-eslint';

/** The layers, lowest last. A layer may import itself and the layers below it, never one above. */
const LAYERS = [
  ['app'],
  [
    'workbench',
    'assistant',
    'datasets',
    'parts',
    'sharing',
    'evaluation',
    'auth',
    'http',
    'serve',
    'metrics',
    'cli',
    'openai-door',
    'mcp',
    'openapi',
  ],
  ['engines'],
  ['database', 'storage'],
  ['worker'],
  ['turn'],
  ['contract'],
  ['knowledge', 'anomaly', 'language', 'segmentation'],
  ['vision', 'engine'],
  ['env'],
];
/** Places of layers that are not simply `lib/<layer>`. */
const PLACES = {
  app: [{ pattern: 'app', mode: 'folder' }],
  worker: [{ pattern: 'lib/engine/worker', mode: 'folder' }],
  contract: [
    { pattern: 'lib/assistant/contract', mode: 'folder' },
    { pattern: 'lib/assistant/contract.ts', mode: 'file' },
  ],
};

const elements = LAYERS.flat()
  .flatMap((type) =>
    (PLACES[type] ?? [{ pattern: `lib/${type}`, mode: 'folder' }]).map((place) => ({ type, ...place })),
  )
  .sort((a, b) => b.pattern.length - a.pattern.length);

const directions = LAYERS.flatMap((layer, depth) =>
  layer.map((from) => ({
    from: [from],
    // What is stored knows nothing of how answers come about.
    allow: LAYERS.slice(depth)
      .flat()
      .filter((to) => !(from === 'database' || from === 'storage') || !['worker', 'turn'].includes(to)),
  })),
);

const PRISMA = ['@prisma/*', '**/generated/prisma*', '@/lib/database/generated/*'];

export default tseslint.config(
  {
    ignores: ['.next/', 'dist/', 'coverage/', 'lib/database/generated/', 'models/', 'next-env.d.ts', 'test-results/'],
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
    files: ['app/**/*.{ts,tsx}', 'lib/**/*.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/include': ['app/**/*', 'lib/**/*'],
      'import/resolver': { typescript: { project: import.meta.dirname } },
    },
    rules: {
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: directions,
          message: 'a lower layer must not import ${dependency.type} (see docs/decisions/import-directions.md)',
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
              group: [
                'node:*',
                'sharp',
                'onnxruntime-node',
                'pino',
                'server-only',
                ...['database', 'engine', 'vision', 'language', 'anomaly', 'cli', 'env'].map(
                  (noun) => `@/lib/${noun}/**`,
                ),
                ...PRISMA,
              ],
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
