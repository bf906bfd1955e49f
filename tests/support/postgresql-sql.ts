import { readFileSync } from 'node:fs';
import { diffPostgresql } from '../../prisma/schema-engine';

// The SQL that makes what prisma/postgresql/schema.prisma says from nothing. Its own process: Jest cannot load the
// engine's WebAssembly.
void diffPostgresql(process.argv[2] ?? '', '', readFileSync('prisma/postgresql/schema.prisma', 'utf8')).then((sql) =>
  process.stdout.write(sql),
);
