const HEADER = `// Made from ../schema.prisma by prisma/postgresql-schema.ts: change that one. \`node prisma/migrate.ts --create NAME\` writes both.

`;

/** Columns that are searched for words: trigrams let PostgreSQL find the few rows that can match a pattern. */
const SEARCHED: Record<string, string> = { Conversation: 'title', Message: 'text', Image: 'name' };

/** Values of enums are text in SQLite and sort as such; the same here, so that an order by one is the same. */
function enumsAsText(schema: string): string {
  const names = [...schema.matchAll(/^enum (\w+) \{/gm)].map(([, name]) => name ?? '');
  const withoutBlocks = schema.replace(/(^\/\/.*\n)?^enum \w+ \{\n[^}]*\}\n\n?/gm, '');
  const field = new RegExp(`^(\\s+\\w+\\s+)(?:${names.join('|')})\\b(\\??)(.*)$`, 'gm');
  return withoutBlocks.replace(
    field,
    (_, start: string, optional: string, rest: string) =>
      `${start}String${optional}${rest.replace(/@default\((\w+)\)/, '@default("$1")')}`,
  );
}

function withTrigrams(schema: string): string {
  return Object.entries(SEARCHED).reduce(
    (text, [model, column]) =>
      text.replace(
        new RegExp(`^model ${model} \\{\\n[^}]*`, 'm'),
        (block) => `${block}  @@index([${column}(ops: raw("gin_trgm_ops"))], type: Gin)\n`,
      ),
    schema,
  );
}

/**
 * The schema for PostgreSQL, from that for SQLite. JSON is kept as it was written (`json`, not `jsonb`): the order of
 * keys and every sign survive, and a move between the two databases can be compared.
 */
export function postgresqlSchema(schema: string): string {
  const body = schema
    .slice(schema.indexOf('generator client'))
    .replace('"../lib/database/generated"', '"../../lib/database/generated/postgresql"')
    .replace('provider = "sqlite"', 'provider = "postgresql"')
    .replace(/^(\s+\w+\s+Json\??)(?=\s|$)/gm, '$1 @db.Json');
  return `${HEADER}\n${withTrigrams(enumsAsText(body))}`;
}

/**
 * Text is compared byte by byte, as in SQLite: the order of names and paths does not depend on where the server was set
 * up.
 */
export function withByteOrder(sql: string): string {
  return sql.replace(/\bTEXT\b(?! COLLATE)/g, 'TEXT COLLATE "C"');
}
