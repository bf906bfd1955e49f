import { database } from '@/lib/database/client';
import { postgresqlUrl } from '@/lib/database/kind';

const SQLITE = (table: string) => `
  SELECT m.name AS "table", f.on_delete = 'CASCADE' AS cascades FROM sqlite_master m, pragma_foreign_key_list(m.name) f
  WHERE m.type = 'table' AND f."table" = '${table}' ORDER BY m.name`;
const POSTGRESQL = (table: string) => `
  SELECT own.relname::text AS "table", k.confdeltype = 'c' AS cascades FROM pg_constraint k
  JOIN pg_class own ON own.oid = k.conrelid JOIN pg_class other ON other.oid = k.confrelid
  WHERE k.contype = 'f' AND other.relname = '${table}' ORDER BY own.relname COLLATE "C"`;

/** The tables whose rows refer to those of a table, and whether they go with them. */
export async function foreignKeysTo(table: string): Promise<{ table: string; cascades: boolean }[]> {
  const sql = postgresqlUrl() === undefined ? SQLITE(table) : POSTGRESQL(table);
  const rows = await database().$queryRawUnsafe<{ table: string; cascades: unknown }[]>(sql);
  return rows.map((row) => ({ table: row.table, cascades: Boolean(Number(row.cascades)) }));
}
