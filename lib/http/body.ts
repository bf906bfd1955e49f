import type { z } from 'zod';
import { limits } from '@/lib/contract';
import { AppError } from './app-error';
import { keepInMemory } from './buffer-budget';
import { receive } from './receive';

/** "parts.0.text: too long" for the first thing that is wrong. */
function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return `${path === '' ? 'The request' : `The field ${path}`} is wrong: ${issue?.message ?? 'unknown'}`;
}

/** @throws AppError invalid_request naming the first wrong field */
function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new AppError('invalid_request', describe(result.error));
  }
  return result.data;
}

/**
 * The body as text, at most `limit` bytes of it. @throws AppError as `receive`, and queue_full when the memory for
 * bodies is used up
 */
async function readText(request: Request, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  const releases: (() => void)[] = [];
  try {
    for await (const chunk of receive(request, limit)) {
      releases.push(keepInMemory(chunk.byteLength));
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    releases.forEach((release) => release());
  }
}

/** Reads the fields of a plain HTML form and checks them; a field given twice counts once (the last). */
export async function readForm<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new AppError('invalid_request', 'Send the body as application/x-www-form-urlencoded');
  }
  return check(schema, Object.fromEntries(new URLSearchParams(await readText(request, limits.jsonBytes))));
}

/** Reads a JSON body of at most `limit` bytes and checks it. */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  limit: number = limits.jsonBytes,
): Promise<z.output<Schema>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new AppError('invalid_request', 'Send the body as application/json');
  }
  const text = await readText(request, limit);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_request', 'The body is not JSON', { cause: error });
  }
  return check(schema, value);
}

/** Checks the query of a URL; a parameter given twice counts once (the last). */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  return check(schema, Object.fromEntries(new URL(request.url).searchParams));
}
