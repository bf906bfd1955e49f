import type { z } from 'zod';
import type { Permission } from '@/lib/auth/permissions';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A body that is no JSON, by its media type. */
export type Media = { mime: string; description: string };

export type Answer = { status: number; description: string; schema?: z.ZodType; mime?: string };

/** One route as the description of the API tells of it. */
export type Operation = {
  method: Method;
  /** With parameters in braces, e.g. `/api/images/{id}`. */
  path: string;
  access: Permission;
  summary: string;
  query?: z.ZodObject;
  /** What may be sent: JSON of a schema, or other media. */
  body?: z.ZodType;
  media?: Media[];
  answers: Answer[];
  /** Refusals of this route have OpenAI's shape, or JSON-RPC's. */
  errors?: 'openai' | 'json-rpc';
};

export type Group = { name: string; description: string; operations: Operation[] };

type Details = Omit<Operation, 'method' | 'path' | 'access' | 'summary' | 'answers'> & {
  answers?: Answer[];
  /** Of a 200 answer. */
  answer?: z.ZodType;
};

/** An operation that answers 200 with JSON of `answer`, unless `answers` says otherwise. */
export function operation(
  name: `${Method} /${string}`,
  access: Permission,
  summary: string,
  { answer, answers, ...details }: Details = {},
): Operation {
  const [method, path] = name.split(' ') as [Method, string];
  const usual: Answer = { status: 200, description: 'Done', ...(answer && { schema: answer }) };
  return { method, path, access, summary, ...details, answers: answers ?? [usual] };
}

export const json = (status: number, description: string, schema?: z.ZodType): Answer => ({
  status,
  description,
  ...(schema && { schema }),
});

export const file = (mime: string, description: string, status = 200): Answer => ({ status, description, mime });

export const nothing = (status: number, description: string): Answer => ({ status, description, mime: '' });
