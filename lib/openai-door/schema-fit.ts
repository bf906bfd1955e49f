import { z } from 'zod';
import { jsonAnswerSchema, type JsonAnswer } from './contract';
import { DoorError } from './door-error';
import type { JsonSchema } from './question';

/**
 * An answer in JSON is measured, not written by the model, so a client's schema cannot ask for anything: it names the
 * fields of `jsonAnswerSchema` that it wants. A schema that wants others is refused before the question is answered.
 */
const OURS = z.toJSONSchema(jsonAnswerSchema) as JsonSchema;

const MAX_DEPTH = 12;
/** What a schema may say besides these would need a validator, and no field of ours has a use for it. */
const KEYWORDS = new Set([
  ...[
    'type',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'prefixItems',
    'enum',
    'const',
    'anyOf',
    'allOf',
  ],
  ...['minimum', 'maximum', 'minItems', 'maxItems', '$ref', '$defs', 'definitions', '$schema', '$id', '$comment'],
  ...['title', 'description', 'default', 'examples', 'nullable', 'propertyOrdering'],
]);

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type View = { types: string[]; schema: JsonSchema; nullable: boolean };

class Schemas {
  constructor(
    private readonly root: JsonSchema,
    private readonly param: string,
  ) {}

  fail(path: string, message: string): never {
    throw new DoorError(`${this.param}: ${path === '' ? 'the schema' : path} ${message} (docs/api-clients.md)`, {
      param: this.param,
    });
  }

  /** The schema behind references, with what `null` adds taken apart. */
  view(value: unknown, path: string, depth = 0): View {
    if (depth > MAX_DEPTH) {
      this.fail(path, 'is nested too deeply');
    }
    if (!isObject(value)) {
      this.fail(path, 'is no schema object');
    }
    const unknown = Object.keys(value).find((keyword) => !KEYWORDS.has(keyword));
    if (unknown !== undefined) {
      this.fail(path, `uses the keyword ${unknown}, which is not supported`);
    }
    const { $ref: ref, anyOf, allOf } = value;
    if (typeof ref === 'string') {
      return this.view(this.resolve(ref, path), path, depth + 1);
    }
    if (Array.isArray(allOf)) {
      if (allOf.length !== 1) {
        this.fail(path, 'joins several schemas with allOf: write them as one');
      }
      return this.view(allOf[0], path, depth + 1);
    }
    if (Array.isArray(anyOf)) {
      const views = anyOf.map((option) => this.view(option, path, depth + 1));
      const real = views.filter(({ types }) => types.some((type) => type !== 'null'));
      const [first] = real;
      if (first === undefined || real.length > 1) {
        this.fail(path, 'allows several kinds of values: choose one (and null)');
      }
      return { ...first, nullable: first.nullable || views.length > real.length };
    }
    const named = Array.isArray(value['type']) ? value['type'].map(String) : [value['type'] ?? 'any'].map(String);
    const types = named.filter((type) => type !== 'null');
    const isNull = named.includes('null');
    return {
      types: types.length === 0 ? ['null'] : types,
      schema: value,
      nullable: isNull || value['nullable'] === true,
    };
  }

  private resolve(ref: string, path: string): unknown {
    const steps = ref.startsWith('#/') ? ref.slice(2).split('/') : null;
    if (steps === null) {
      this.fail(path, 'refers to another document: put the schema itself there');
    }
    let found: unknown = this.root;
    for (const step of steps) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    }
    return found;
  }
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function propertiesOf(schema: JsonSchema): JsonSchema {
  return isObject(schema['properties']) ? schema['properties'] : {};
}

/** The schema of a list's entry: that of all, or of the one at a fixed place. */
function entryOf({ items, prefixItems }: JsonSchema, index: number): unknown {
  const fixed: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
  return fixed[index] ?? (isObject(items) ? items : undefined);
}

function compare(client: Schemas, wanted: unknown, ours: unknown, path: string, depth: number): void {
  const own = new Schemas(OURS, 'answer').view(ours, path);
  const { types, schema } = client.view(wanted, path, depth);
  const [ownType = 'any'] = own.types;
  const [type = 'any'] = types;
  if (type !== 'any' && type !== ownType && !(type === 'number' && ownType === 'integer')) {
    client.fail(path, `is of the type ${type}, but an answer has ${ownType} there`);
  }
  if (ownType === 'object') {
    const known = propertiesOf(own.schema);
    const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
    for (const [name, property] of Object.entries(propertiesOf(schema))) {
      if (Object.hasOwn(known, name)) {
        compare(client, property, known[name], join(path, name), depth + 1);
      } else if (required.includes(name)) {
        client.fail(join(path, name), `is nothing that an answer has; it has ${Object.keys(known).join(', ')}`);
      }
    }
    const missing = required.find((name) => !Object.hasOwn(known, name));
    if (missing !== undefined) {
      client.fail(join(path, missing), `is nothing that an answer has; it has ${Object.keys(known).join(', ')}`);
    }
  }
  const entry = entryOf(schema, 0);
  if (ownType === 'array' && entry !== undefined) {
    compare(client, entry, entryOf(own.schema, 0), `${path}[]`, depth + 1);
  }
}

/** @throws DoorError naming what a client's schema wants and no answer has */
export function checkFormatSchema(schema: JsonSchema, param: string): void {
  compare(new Schemas(schema, param), schema, OURS, '', 0);
}

function fit(client: Schemas, wanted: unknown, value: unknown, path: string): unknown {
  const { schema, nullable, types } = client.view(wanted, path);
  if (value === null) {
    return nullable || types[0] === 'any'
      ? null
      : client.fail(path, 'allows no null, but this answer has none to give');
  }
  if (Array.isArray(value)) {
    const { minItems, maxItems } = schema;
    if (
      (typeof minItems === 'number' && value.length < minItems) ||
      (typeof maxItems === 'number' && value.length > maxItems)
    ) {
      client.fail(path, `wants another number of entries than the ${value.length} of this answer`);
    }
    return value.map((each: unknown, index) => {
      const entry = entryOf(schema, index);
      return entry === undefined ? each : fit(client, entry, each, `${path}[]`);
    });
  }
  if (isObject(value)) {
    const properties = Object.entries(propertiesOf(schema)).filter(([name]) => Object.hasOwn(value, name));
    return properties.length === 0
      ? value
      : Object.fromEntries(
          properties.map(([name, property]) => [name, fit(client, property, value[name], join(path, name))]),
        );
  }
  const { enum: allowed, const: only, minimum, maximum } = schema;
  const isAllowed =
    (!Array.isArray(allowed) || allowed.includes(value)) &&
    (only === undefined || only === value) &&
    !(typeof minimum === 'number' && typeof value === 'number' && value < minimum) &&
    !(typeof maximum === 'number' && typeof value === 'number' && value > maximum);
  return isAllowed ? value : client.fail(path, `does not allow ${JSON.stringify(value)}, which this answer has`);
}

/**
 * The part of an answer that a client's schema asks for. @throws DoorError when the schema forbids a value that was
 * measured
 */
export function fitAnswer(answer: JsonAnswer, schema: JsonSchema, param: string): unknown {
  return fit(new Schemas(schema, param), schema, answer, '');
}
