import { z } from 'zod';
import { errorBodySchema } from '@/lib/contract';
import { doorErrorSchema } from '@/lib/openai-door/contract';
import packageJson from '../../package.json';
import type { Answer, Group, Operation } from './operation';
import { accountGroups } from './operations/accounts';
import { chatGroups } from './operations/chat';
import { datasetGroups } from './operations/datasets';
import { doorGroups } from './operations/doors';
import { engineGroups } from './operations/engines';
import { partGroups } from './operations/parts';

/** All routes, in the order in which the reference shows them. A test holds it complete (tests/unit/openapi). */
export const groups: readonly Group[] = [
  ...doorGroups,
  ...chatGroups,
  ...engineGroups,
  ...datasetGroups,
  ...partGroups,
  ...accountGroups,
];

type Json = { [key: string]: unknown };

/** A contract as JSON Schema; what has none (a transformation's outcome) is any value. */
function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
}

/** A query's fields, and a path's, as parameters. */
function parametersOf({ path, query }: Operation): Json[] {
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const schema = query === undefined ? {} : toSchema(query, 'input');
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  const required = (schema['required'] ?? []) as string[];
  const inQuery = Object.entries(properties).map(([name, each]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: each,
  }));
  return [...inPath, ...inQuery];
}

function bodyOf({ body, media = [] }: Operation): Json {
  if (body === undefined && media.length === 0) {
    return {};
  }
  const content: Json = {};
  if (body !== undefined) {
    content['application/json'] = { schema: toSchema(body, 'input') };
  }
  for (const { mime, description } of media) {
    content[mime] = { schema: { type: 'string', format: 'binary', description } };
  }
  return { requestBody: { required: true, content } };
}

function contentOf({ schema, mime }: Answer): Json | undefined {
  if (mime === '') {
    return undefined;
  }
  return mime === undefined
    ? { 'application/json': { schema: schema === undefined ? {} : toSchema(schema, 'output') } }
    : { [mime]: { schema: { type: 'string', format: 'binary' } } };
}

/** Several answers with one status are one answer with several contents. */
function responsesOf({ answers, errors }: Operation): Json {
  const responses: Record<string, { description: string; content?: Json }> = {};
  for (const answer of answers) {
    const key = String(answer.status);
    const before = responses[key];
    const content = contentOf(answer);
    const all = { ...before?.content, ...content };
    responses[key] = {
      description: before === undefined ? answer.description : `${before.description}; ${answer.description}`,
      ...(Object.keys(all).length > 0 && { content: all }),
    };
  }
  const refusal = errors === 'openai' ? 'OpenAiError' : 'Error';
  return { ...responses, default: { $ref: `#/components/responses/${refusal}` } };
}

function refusal(description: string, schema: z.ZodType): Json {
  return { description, content: { 'application/json': { schema: toSchema(schema, 'output') } } };
}

function idOf({ method, path }: Operation): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

/** The HTTP API as an OpenAPI 3.1 document, made from the contracts that check its requests. */
export function apiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const { name, operations } of groups) {
    for (const each of operations) {
      const path = (paths[each.path] ??= {});
      path[each.method.toLowerCase()] = {
        operationId: idOf(each),
        tags: [name],
        summary: each.summary,
        'x-permission': each.access,
        parameters: parametersOf(each),
        ...bodyOf(each),
        responses: responsesOf(each),
        security: each.access === 'public' ? [] : [{ key: [] }, { session: [] }],
      };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'LookTwice',
      version: packageJson.version,
      description:
        'In local mode requests must come from this machine and need no key. In team mode send a key as `Authorization: Bearer lt_...`.',
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: '/' }],
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      responses: {
        Error: refusal('Refused: one sentence that says what to do', errorBodySchema),
        OpenAiError: refusal('Refused, in the form of OpenAI’s API', doorErrorSchema),
      },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key of the account page (team mode)' },
        session: { type: 'apiKey', in: 'cookie', name: 'looktwice.session_token' },
      },
    },
  };
}
