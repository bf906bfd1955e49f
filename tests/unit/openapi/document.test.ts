import { apiDocument, groups } from '@/lib/openapi/document';
import { loadRoutes } from '../../support/routes';

type Schema = { [key: string]: unknown };

/** `/api/images/[id]` and `/v1/[...path]` as the document writes them. */
const asDescribed = (name: string) => name.replace(/\[(?:\.\.\.)?([^\]]+)\]/g, '{$1}');

test('every route is described, with the permission that it asks for, and nothing else is', async () => {
  // What says that there is no such address is no operation.
  const routes = (await loadRoutes()).filter(({ path }) => path !== '/api/[...path]');
  const described = groups.flatMap(({ operations }) =>
    operations.map(({ method, path, access }) => [`${method} ${path}`, access]),
  );
  const served = routes.map(({ name, handler }) => [asDescribed(name), handler.access]);
  const sort = (list: unknown[][]) => list.map((pair) => pair.join(' needs ')).sort();
  expect(sort(described)).toEqual(sort(served));
});

function walk(value: unknown, visit: (schema: Schema) => void): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  visit(value as Schema);
  Object.values(value).forEach((each) => walk(each, visit));
}

test('the document stands for itself: every reference leads somewhere in it', () => {
  const document = JSON.parse(JSON.stringify(apiDocument())) as Schema;
  let count = 0;
  walk(document, ({ $ref: ref }) => {
    if (typeof ref === 'string') {
      count += 1;
      const found = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, step) => (at as Schema | undefined)?.[step], document);
      expect([ref, typeof found]).toEqual([ref, 'object']);
    }
  });
  expect(count).toBeGreaterThan(50);
});

test('paths name their parameters, ids are unique, contracts reach the document', () => {
  const { paths } = apiDocument() as { paths: Record<string, Record<string, Schema>> };
  const ids: unknown[] = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const operation of Object.values(methods)) {
      ids.push(operation['operationId']);
      const parameters = operation['parameters'] as { name: string; in: string }[];
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual([...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name));
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
  const chat = JSON.stringify(paths['/v1/chat/completions']?.['post']?.['requestBody']);
  expect(chat).toContain('"max_completion_tokens"');
  expect(JSON.stringify(paths['/api/inspect']?.['post'])).toContain('"referenceIds"');
});
