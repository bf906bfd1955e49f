import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RouteHandler } from '@/lib/handler/route';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** A handler of a route file; `path` is the address with its parameters in brackets, e.g. `/api/images/[id]`. */
export type LoadedRoute = { name: string; path: string; method: string; handler: RouteHandler };

/** All files below app/ whose name is `name` with a source extension, sorted. */
export function appFiles(name: string): string[] {
  return readdirSync(join(process.cwd(), 'app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => new RegExp(`(^|/)${name}\\.[jt]sx?$`).test(file))
    .map((file) => join('app', file))
    .sort();
}

/** Every handler of every route file. */
export async function loadRoutes(): Promise<LoadedRoute[]> {
  const loaded: LoadedRoute[] = [];
  for (const file of appFiles('route')) {
    const module = (await import(join(process.cwd(), file))) as Record<string, RouteHandler>;
    for (const method of METHODS) {
      const handler = module[method];
      if (handler !== undefined) {
        const path = `/${file.replace(/^app\//, '').replace(/\/?route\.[jt]sx?$/, '')}`.replace(/\/\([^)]*\)/g, '');
        loaded.push({ name: `${method} ${path}`, path, method, handler });
      }
    }
  }
  return loaded;
}

/** Names of the parameters in a route's path. */
export function paramsOf(path: string): string[] {
  return [...path.matchAll(/\[(?:\.\.\.)?([^\]]+)\]/g)].map((match) => match[1] ?? '');
}
