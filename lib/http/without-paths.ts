import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { projectRoot } from '@/lib/common/paths';
import { setting } from '@/lib/env';
import { dataDirectory } from '@/lib/storage/data-directory';

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * A message as clients may read it: where the server keeps its files is nobody's business, so that a file is called by
 * its name alone.
 */
export function withoutPaths(message: string): string {
  const engines = setting('LOOKTWICE_ENGINES');
  const told = engines === undefined ? message : message.replaceAll(engines, basename(engines));
  return [dataDirectory(), projectRoot(), tmpdir()]
    .filter((directory) => directory !== '/')
    .reduce(
      (text, directory) =>
        text.replace(
          new RegExp(`${escape(directory)}((?:/[^\\s'",;:)]*)?)`, 'g'),
          (_path, below: string) => basename(below) || 'the server’s directory',
        ),
      told,
    );
}
