import { z } from 'zod';
import type { JsonAnswer } from '@/lib/openai-door/contract';
import { DoorError } from '@/lib/openai-door/door-error';
import { checkFormatSchema, fitAnswer } from '@/lib/openai-door/schema-fit';

const answer: JsonAnswer = {
  verdict: 'anomalous',
  is_anomalous: true,
  probability: 0.95,
  score: 0.9,
  bucket: 'highly',
  answer: 'Yes, a scratch.',
  findings: [
    {
      image: 1,
      type: 'scratch',
      place: 'upper left',
      severity: 'minor',
      extent_percent: 0.5,
      area_px: 120,
      bbox: [1, 2, 3, 4],
      score: 0.8,
    },
  ],
};
const unknown: JsonAnswer = {
  ...answer,
  verdict: 'unknown',
  is_anomalous: null,
  probability: null,
  score: null,
  bucket: null,
  findings: [],
};

function refusal(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DoorError) {
      return error.message;
    }
    throw error;
  }
  return 'accepted';
}

const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

test('a client gets the fields that its schema names, also behind references and beside null', () => {
  const schema = {
    ...object({
      is_anomalous: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
      findings: { type: 'array', items: { $ref: '#/$defs/Finding' } },
    }),
    $defs: { Finding: object({ type: { type: 'string' }, bbox: { type: 'array', items: { type: 'number' } } }) },
  };
  checkFormatSchema(schema, 'schema');
  const fitted = fitAnswer(answer, schema, 'schema');
  expect(fitted).toEqual({ is_anomalous: true, findings: [{ type: 'scratch', bbox: [1, 2, 3, 4] }] });
  expect(fitAnswer(unknown, schema, 'schema')).toEqual({ is_anomalous: null, findings: [] });
});

test('schemas as zod makes them are understood', () => {
  const wanted = z.object({
    verdict: z.enum(['anomalous', 'normal', 'unknown']),
    score: z.number().min(0).max(1).nullable(),
    findings: z.array(z.object({ place: z.string(), severity: z.enum(['minor', 'moderate', 'severe']) })),
  });
  const schema = z.toJSONSchema(wanted);
  checkFormatSchema(schema, 'schema');
  expect(wanted.parse(fitAnswer(answer, schema, 'schema'))).toEqual(fitAnswer(answer, schema, 'schema'));
});

test.each([
  [
    'a field that no answer has',
    object({ weather: { type: 'string' } }),
    /weather is nothing that an answer has; it has verdict/,
  ],
  [
    'one deeper down',
    object({ findings: { type: 'array', items: object({ colour: { type: 'string' } }) } }),
    /findings\[\]\.colour/,
  ],
  ['another type', object({ answer: { type: 'number' } }), /answer is of the type number, but an answer has string/],
  [
    'a keyword that would need a validator',
    object({ answer: { type: 'string', pattern: '(a+)+$' } }),
    /keyword pattern/,
  ],
  ['another document', object({ answer: { $ref: 'https://example.com/s.json' } }), /refers to another document/],
  ['a loop', { $ref: '#' }, /refers to another document/],
  ['a list', { type: 'array', items: { type: 'string' } }, /is of the type array/],
])('a schema with %s is refused before the question is answered', (_what, schema, message) => {
  expect(refusal(() => checkFormatSchema(schema, 'schema'))).toMatch(message);
});

test('a schema that refers to itself for ever is refused', () => {
  const schema = {
    ...object({ findings: { $ref: '#/$defs/a' } }),
    $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
  };
  expect(refusal(() => checkFormatSchema(schema, 'schema'))).toMatch(/nested too deeply/);
});

test('a value that the schema forbids is reported, not bent', () => {
  const strict = object({ is_anomalous: { type: 'boolean' } });
  expect(refusal(() => fitAnswer(unknown, strict, 'schema'))).toMatch(/is_anomalous allows no null/);
  const normalOnly = object({ verdict: { type: 'string', enum: ['normal'] } });
  expect(refusal(() => fitAnswer(answer, normalOnly, 'schema'))).toMatch(/verdict does not allow "anomalous"/);
});
