import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type z } from 'zod';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { environment, setting } from '@/lib/env';
import { dataDirectory } from '@/lib/storage/data-directory';
import { EMBEDDED, type EngineConfig, enginesFileSchema } from './config';

/**
 * A remote engine, ready to be asked. The key is in none of its enumerable fields, so that no log or answer shows it by
 * accident.
 */
export type RemoteEngine = { kind: 'remote'; name: string; label: string; config: Omit<EngineConfig, 'key'> };
export type NamedEngine = { kind: 'embedded'; name: string; label: string } | RemoteEngine;

const NAMES = ['engines.yaml', 'engines.yml', 'engines.json'];
const keys = new WeakMap<RemoteEngine, string>();

/** The key of a remote engine, for its requests alone. */
export const keyOf = (engine: RemoteEngine): string | undefined => keys.get(engine);

/** The same engine for work in which nobody else may take its place. */
export function withoutFallback(engine: RemoteEngine): RemoteEngine {
  const same: RemoteEngine = { ...engine, config: { ...engine.config, fallback: 'none' } };
  const key = keys.get(engine);
  if (key !== undefined) {
    keys.set(same, key);
  }
  return same;
}

const wrong = (file: string, what: string) => new EngineError('model_unavailable', `${file}: ${what}.`);

async function findFile(): Promise<{ path: string; mode: number } | null> {
  const named = setting('LOOKTWICE_ENGINES');
  for (const path of named === undefined ? NAMES.map((name) => join(dataDirectory(), name)) : [named]) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
        return null;
      }
      throw wrong(path, `cannot be read (${error.code ?? messageOf(error)})`);
    });
    if (found !== null) {
      return { path, mode: found.mode };
    }
  }
  if (named !== undefined) {
    throw wrong(named, 'LOOKTWICE_ENGINES names this file, and there is none');
  }
  return null;
}

function openEngine(file: string, name: string, { key, ...config }: EngineConfig): RemoteEngine {
  const engine: RemoteEngine = { kind: 'remote', name, label: config.label ?? name, config };
  const value = typeof key === 'object' ? environment()[key.env] : key;
  if (typeof key === 'object' && (value === undefined || value === '')) {
    throw wrong(file, `engines.${name}.key names the environment variable ${key.env}, which is not set`);
  }
  if (value !== undefined) {
    keys.set(engine, value.trim());
  }
  return engine;
}

/** What is wrong with the file, at its first problem, without its values: they may be keys. */
function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const nested = issue?.code === 'invalid_union' ? issue.errors.flat()[0] : undefined;
  const path = [...(issue?.path ?? []), ...(nested?.path ?? [])].join('.');
  return `${path === '' ? 'the file' : path} ${(nested ?? issue)?.message ?? 'is wrong'}`;
}

function readEngines(file: string, text: string): RemoteEngine[] {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    // The parser's message quotes the line, which may hold a key.
    const line = (error as { linePos?: [{ line: number }] }).linePos?.[0].line;
    throw wrong(file, `is neither YAML nor JSON${line === undefined ? '' : ` (line ${line})`}`);
  }
  const parsed = enginesFileSchema.safeParse(content);
  if (!parsed.success) {
    throw wrong(file, problemOf(parsed.error));
  }
  return Object.entries(parsed.data.engines).map(([name, config]) => openEngine(file, name, config));
}

/** The model in this installation. */
export const EMBEDDED_ENGINE: NamedEngine = { kind: 'embedded', name: EMBEDDED, label: 'Embedded' };

/**
 * The engines of this installation, the embedded one first: it is always there. The others are in the file that
 * LOOKTWICE_ENGINES names, else `engines.yaml` (or `.json`) in the data directory; it is read again each time, so that
 * a change needs no restart.
 * @throws EngineError `model_unavailable` naming file and field
 */
export async function listEngines(): Promise<NamedEngine[]> {
  const found = await findFile();
  if (found === null) {
    return [EMBEDDED_ENGINE];
  }
  // It may hold keys, so nobody else on this machine may read it.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw wrong(found.path, 'others on this machine may read it, and it may hold keys: run chmod 600 on it');
  }
  return [EMBEDDED_ENGINE, ...readEngines(found.path, await readFile(found.path, 'utf8'))];
}

/**
 * An engine by its name; null stands for the embedded one.
 * @throws EngineError `invalid_request` when there is none of this name, and as `listEngines`
 */
export async function findEngine(name: string | null): Promise<NamedEngine> {
  if (name === null || name === EMBEDDED) {
    return EMBEDDED_ENGINE;
  }
  const engines = await listEngines();
  const found = engines.find((engine) => engine.name === name);
  if (found === undefined) {
    const known = engines.map((engine) => engine.name).join(', ');
    throw new EngineError('invalid_request', `There is no engine "${name}": there are ${known}.`);
  }
  return found;
}
