import { createHash, type Hash } from 'node:crypto';
import { Prisma, type PrismaClient } from '../generated/client';
import type { MovedTable } from './tables';

export type Row = Record<string, unknown>;
type Where = Record<string, unknown>;
type Query = { where?: Where; orderBy?: Record<string, 'asc'>[]; take?: number; select?: Record<string, true> };

/** What of a table's client is used here, whichever table it is. */
export type Delegate = {
  findMany(query: Query): Promise<Row[]>;
  createMany(rows: { data: Row[] }): Promise<{ count: number }>;
  update(change: { where: Where; data: Row }): Promise<unknown>;
  deleteMany(query: { where: Where }): Promise<{ count: number }>;
  count(): Promise<number>;
};

/** A database, or a transaction of one. */
export type Source = Pick<PrismaClient, '$executeRaw'>;

export const delegate = (source: Source, { model }: MovedTable): Delegate => Reflect.get(source, model) as Delegate;

/** What comes after a row in the order of the key. */
function after(key: readonly string[], row: Row): Where {
  const ties = key.map((column, index) => ({
    ...Object.fromEntries(key.slice(0, index).map((before) => [before, row[before]])),
    [column]: { gt: row[column] },
  }));
  return { OR: ties };
}

/** A row and what comes before it. */
const upTo = (key: readonly string[], row: Row): Where => ({ NOT: after(key, row) });

const keyOf = (key: readonly string[], row: Row): string => JSON.stringify(key.map((column) => row[column]));

/** The part of a table from one row to another, the ends as `where` of Prisma. */
type Range = { from: Where; to: Where };

/**
 * The rows of a table in pieces of `size`, in the order of its key, each with where it lies: the first piece begins at
 * the beginning, the last one has no end.
 */
export async function* pieces(
  source: Source,
  table: MovedTable,
  size: number,
  columns: readonly string[] | null = null,
): AsyncGenerator<{ rows: Row[]; range: Range }> {
  const orderBy = table.key.map((column) => ({ [column]: 'asc' as const }));
  const select = columns === null ? {} : { select: Object.fromEntries(columns.map((name) => [name, true as const])) };
  let from: Where = {};
  for (;;) {
    const rows = await delegate(source, table).findMany({ where: from, orderBy, take: size, ...select });
    const last = rows.at(-1);
    const isEnd = rows.length < size || last === undefined;
    yield { rows, range: { from, to: isEnd ? {} : upTo(table.key, last) } };
    if (isEnd) {
      return;
    }
    from = after(table.key, last);
  }
}

/** The rows of the same part of another database, by their keys. */
export async function sameRange(
  target: Source,
  table: MovedTable,
  { from, to }: Range,
  columns: readonly string[] | null = null,
): Promise<Map<string, Row>> {
  const select = columns === null ? {} : { select: Object.fromEntries(columns.map((name) => [name, true as const])) };
  const rows = await delegate(target, table).findMany({ where: { AND: [from, to] }, ...select });
  return new Map(rows.map((row) => [keyOf(table.key, row), row]));
}

/**
 * A row as text: the same for the same values, whichever database they come from. PostgreSQL has no NUL in its text.
 */
export function textOf(row: Row): string {
  const values = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array
      ? Buffer.from(value).toString('base64')
      : typeof value === 'string'
        ? value.replaceAll('\0', '\uFFFD')
        : value,
  ]);
  return JSON.stringify(values);
}

/** A row as Prisma writes it: an empty JSON column is said in another way than JSON's null. */
export function writable({ json = [] }: MovedTable, row: Row): Row {
  const empty = json
    .map((name) => [name.replace('?', ''), name.endsWith('?') ? Prisma.DbNull : Prisma.JsonNull] as const)
    .filter(([name]) => row[name] === null);
  return { ...row, ...Object.fromEntries(empty) };
}

/** `where` for one row. */
export function whereOne({ key }: MovedTable, row: Row): Where {
  const values = Object.fromEntries(key.map((column) => [column, row[column]]));
  return key.length === 1 ? values : { [key.join('_')]: values };
}

export class Checksum {
  private readonly hash: Hash = createHash('sha256');
  count = 0;

  add(rows: readonly Row[]): void {
    this.count += rows.length;
    for (const row of rows) {
      this.hash.update(textOf(row)).update('\n');
    }
  }

  /** Number and SHA-256 of the rows. */
  end(): { count: number; sha256: string } {
    return { count: this.count, sha256: this.hash.digest('hex') };
  }
}
