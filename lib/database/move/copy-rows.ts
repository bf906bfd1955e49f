import { Prisma, type PrismaClient } from '../generated/client';
import { Checksum, delegate, pieces, sameRange, textOf, whereOne, writable, type Row, type Source } from './rows';
import { TABLES, type MovedTable } from './tables';

/** Rows that are read and written at once. */
const PIECE = 500;

export type Progress = (stage: string, done: number, total: number) => void | Promise<void>;
/** What a table holds: the number of its rows and a checksum over all of them. */
export type Contents = Map<string, { count: number; sha256: string }>;
type Sizes = { piece?: number };

const withoutOwn = ({ own }: MovedTable, row: Row): Row => (own === undefined ? row : { ...row, [own]: null });

/** Removes what the source does not have any more; rows that refer to others first. */
async function removeSurplus(source: Source, target: PrismaClient, table: MovedTable, size: number): Promise<void> {
  if ((await delegate(target, table).count()) === 0) {
    return;
  }
  for await (const { rows, range } of pieces(source, table, size, table.key)) {
    const surplus = await sameRange(target, table, range, table.key);
    for (const row of rows) {
      surplus.delete(JSON.stringify(table.key.map((column) => row[column])));
    }
    const gone = [...surplus.values()];
    for (let index = 0; index < gone.length; index += 100) {
      await delegate(target, table).deleteMany({ where: { OR: gone.slice(index, index + 100) } });
    }
  }
}

/**
 * Writes the rows that the target lacks or has otherwise, without their references to rows of the same table. One
 * transaction a piece.
 */
async function copyTable(
  source: Source,
  target: PrismaClient,
  table: MovedTable,
  size: number,
  progress: Progress,
): Promise<{ count: number; sha256: string }> {
  const total = await delegate(source, table).count();
  const sum = new Checksum();
  for await (const { rows, range } of pieces(source, table, size)) {
    sum.add(rows);
    const there = await sameRange(target, table, range);
    const missing: Row[] = [];
    const other: Row[] = [];
    for (const row of rows) {
      const found = there.get(JSON.stringify(table.key.map((column) => row[column])));
      if (found === undefined) {
        missing.push(withoutOwn(table, row));
      } else if (textOf(withoutOwn(table, found)) !== textOf(withoutOwn(table, row))) {
        other.push(row);
      }
    }
    if (missing.length + other.length > 0) {
      await target.$transaction(async (tx) => {
        if (missing.length > 0) {
          await delegate(tx, table).createMany({ data: missing.map((row) => writable(table, row)) });
        }
        for (const row of other) {
          const { [table.own ?? '']: _, ...data } = writable(table, row);
          await delegate(tx, table).update({ where: whereOne(table, row), data });
        }
      });
    }
    await progress(table.model, sum.count, total);
  }
  return sum.end();
}

/** Sets the references to rows of the same table, once all of its rows are there. */
async function linkTable(source: Source, target: PrismaClient, table: MovedTable, size: number): Promise<void> {
  const { own } = table;
  if (own === undefined) {
    return;
  }
  const [name, column] = [
    Prisma.raw(`"${table.model[0]?.toUpperCase()}${table.model.slice(1)}"`),
    Prisma.raw(`"${own}"`),
  ];
  const columns = ['id', own];
  for await (const { rows, range } of pieces(source, table, size, columns)) {
    const there = await sameRange(target, table, range, columns);
    const wrong = rows.filter((row) => there.get(JSON.stringify([row.id]))?.[own] !== row[own]);
    if (wrong.length > 0) {
      const values = Prisma.join(wrong.map((row) => Prisma.sql`(${row.id}, ${row[own]})`));
      await target.$executeRaw`UPDATE ${name} SET ${column} = v.column2 FROM (VALUES ${values}) AS v WHERE ${name}."id" = v.column1`;
    }
  }
}

/**
 * Makes the tables of `target` what those of `source` are, however far an earlier call came: what is there already is
 * compared and left alone. `source` must stay as it is meanwhile. @returns what the tables of the source hold
 */
export async function copyRows(
  source: Source,
  target: PrismaClient,
  progress: Progress,
  { piece = PIECE }: Sizes = {},
): Promise<Contents> {
  for (const table of [...TABLES].reverse()) {
    await removeSurplus(source, target, table, piece);
  }
  const contents: Contents = new Map();
  for (const table of TABLES) {
    contents.set(table.model, await copyTable(source, target, table, piece, progress));
    await linkTable(source, target, table, piece);
  }
  return contents;
}

/** What the tables of a database hold. */
export async function readContents(
  database: Source,
  progress: Progress,
  { piece = PIECE }: Sizes = {},
): Promise<Contents> {
  const contents: Contents = new Map();
  for (const table of TABLES) {
    const total = await delegate(database, table).count();
    const sum = new Checksum();
    for await (const { rows } of pieces(database, table, piece)) {
      sum.add(rows);
      await progress(table.model, sum.count, total);
    }
    contents.set(table.model, sum.end());
  }
  return contents;
}
