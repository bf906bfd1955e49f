import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as SchemaEngineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { SqliteAdapter } from '../lib/database/adapter';

type Bindings = typeof SchemaEngineModule;
type Loader = Bindings & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

/**
 * Prisma's schema engine as WebAssembly. The command line's own engine is a native program that is fetched from outside the npm registry; this
 * one is in the registry but undocumented, so its use stays in this file. Needed by developers only: applying migrations is plain SQL.
 */
async function loadBindings(): Promise<Bindings> {
  const bindings = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as Loader;
  const wasm = createRequire(__filename)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const module = await WebAssembly.compile(readFileSync(wasm));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') {
    start();
  }
  return bindings;
}

/** The SQL that turns the database at `url` into what `schema` (the text of schema.prisma) says; empty when they agree. */
export async function diffFromDatabase(url: string, schema: string): Promise<string> {
  const { SchemaEngine } = await loadBindings();
  const factory = bindMigrationAwareSqlAdapterFactory(new SqliteAdapter(url));
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, factory);
  try {
    const result = await engine.diff({
      from: { tag: 'schemaDatasource', files: [{ path: 'schema.prisma', content: schema }], configDir: '' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const sql = result.stdout ?? '';
    return sql.includes('This is an empty migration') ? '' : sql;
  } finally {
    engine.free();
  }
}
