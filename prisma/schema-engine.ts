import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type * as SchemaEngineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { SqliteAdapter } from '../lib/database/adapter';

type Bindings = typeof SchemaEngineModule;
type Loader = Bindings & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

/**
 * Prisma's schema engine as WebAssembly. The command line's own engine is a native program that is fetched from outside
 * the npm registry; this one is in the registry but undocumented, so its use stays in this file. Needed by developers
 * only: applying migrations is plain SQL.
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

type Side = { tag: 'schemaDatasource' | 'schemaDatamodel'; text: string };

async function diff(factory: SqlMigrationAwareDriverAdapterFactory, from: Side, to: Side): Promise<string> {
  const { SchemaEngine } = await loadBindings();
  const files = ({ text }: Side) => [{ path: 'schema.prisma', content: text }];
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', to.text]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  try {
    const result = await engine.diff({
      from:
        from.tag === 'schemaDatasource'
          ? { tag: 'schemaDatasource', files: files(from), configDir: '' }
          : { tag: 'schemaDatamodel', files: files(from) },
      to: { tag: 'schemaDatamodel', files: files(to) },
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

const datamodel = (text: string): Side => ({ tag: 'schemaDatamodel', text });

/**
 * The SQL that turns the SQLite database at `url` into what `schema` (the text of schema.prisma) says; empty when they
 * agree.
 */
export function diffFromDatabase(url: string, schema: string): Promise<string> {
  return diff(new SqliteAdapter(url), { tag: 'schemaDatasource', text: schema }, datamodel(schema));
}

/**
 * The SQL that turns what one schema for PostgreSQL says into what another one says; '' stands for an empty one. The
 * engine wants a server (`url`) to speak to; nothing is read or changed there: it cannot read a database's catalogue
 * through Prisma's adapter, which lacks the type "char".
 */
export function diffPostgresql(url: string, from: string, to: string): Promise<string> {
  const none = to.slice(0, to.search(/^model /m));
  return diff(new PrismaPg(url), datamodel(from === '' ? none : from), datamodel(to));
}
