import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/**
 * One import between two files of the repository. `type`: the compiler removes it, so that it does not load anything.
 */
export type Import = { from: string; to: string; type: boolean };

const isTypeOnly = (names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean =>
  names !== undefined &&
  (ts.isNamedImports(names) || ts.isNamedExports(names)) &&
  names.elements.length > 0 &&
  names.elements.every((element) => element.isTypeOnly);

/** The modules that a source text names, and whether only for types. */
export function importsOf(text: string, path: string): { module: string; type: boolean }[] {
  const found: { module: string; type: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const type =
        clause !== undefined && (clause.isTypeOnly || (clause.name === undefined && isTypeOnly(clause.namedBindings)));
      found.push({ module: node.moduleSpecifier.text, type });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ module: node.moduleSpecifier.text, type: node.isTypeOnly || isTypeOnly(node.exportClause) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [module] = node.arguments;
      if (module !== undefined && ts.isStringLiteral(module)) {
        found.push({ module: module.text, type: false });
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push({ module: (node.argument.literal as ts.StringLiteral).text, type: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false));
  return found;
}

/** Every import between the TypeScript files of `app`, `lib` and the root. Imports of packages are left out. */
export function readImports(): Import[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    encoding: 'utf8',
  });
  const files = new Set(listed.split('\n').filter((file) => /^((app|lib)\/|[^/]+$)/.test(file) && existsSync(file)));
  const resolve = (from: string, module: string): string | undefined => {
    const base = module.startsWith('@/') ? module.slice(2) : join(dirname(from), module);
    return module.startsWith('@/') || module.startsWith('.')
      ? ['', '.ts', '.tsx', '/index.ts', '/index.tsx'].map((end) => base + end).find((path) => files.has(path))
      : undefined;
  };
  return [...files].flatMap((from) =>
    importsOf(readFileSync(from, 'utf8'), from).flatMap(({ module, type }) => {
      const to = resolve(from, module);
      return to === undefined || to === from ? [] : [{ from, to, type }];
    }),
  );
}

/** The groups of names that reach each other along the edges (Tarjan), each sorted; a graph without cycles has none. */
export function findCycles(edges: readonly { from: string; to: string }[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const order = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (name: string): number => {
    const index = order.size;
    order.set(name, index);
    let low = index;
    open.push(name);
    for (const to of next.get(name) ?? []) {
      if (!order.has(to)) {
        low = Math.min(low, visit(to));
      } else if (open.includes(to)) {
        low = Math.min(low, order.get(to) ?? low);
      }
    }
    if (low === index) {
      const group = open.splice(open.indexOf(name));
      if (group.length > 1) {
        cycles.push(group.sort());
      }
    }
    return low;
  };
  for (const name of next.keys()) {
    if (!order.has(name)) {
      visit(name);
    }
  }
  return cycles;
}
