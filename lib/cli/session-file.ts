import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { TurnMessage } from '@/lib/turn/types';
import { writeResult } from './output-file';
import { UsageError } from './usage-error';

const MAX_SESSION_BYTES = 8 * 2 ** 20;

const fractions = z.tuple([z.number(), z.number(), z.number(), z.number()]);
/** `--part` of the question that brought the image. */
const partsSchema = z.object({
  candidates: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      file: z.string(),
      /** Sessions of earlier versions do not say. */
      built: z.number().default(0),
      threshold: z.number().nullable(),
      area: z.object({ inside: fractions.nullable(), ignore: z.array(fractions) }).nullable(),
    }),
  ),
  chosen: z.boolean(),
});
const sourceSchema = z.object({
  path: z.string(),
  page: z.int().positive().optional(),
  window: z.object({ low: z.number(), high: z.number() }).optional(),
});
const imageSchema = z.object({ id: z.string(), name: z.string(), source: sourceSchema, parts: partsSchema.optional() });
const messageSchema = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    text: z.string(),
    images: z.array(imageSchema),
    references: z.array(imageSchema),
  }),
  z.object({
    role: z.literal('assistant'),
    text: z.string(),
    context: z.looseObject({ transcript: z.string() }).nullable(),
  }),
]);
const sessionSchema = z.object({
  format: z.literal(1),
  /** The bundle that answered last; another one does not understand the contexts. */
  bundle: z.string().nullable(),
  /** The image that questions are about when they name none. */
  focus: z.string().nullable(),
  messages: z.array(messageSchema),
});

/** A conversation kept across calls of `ask`; images are remembered by their path. */
export type Session = {
  bundle: string | null;
  focus: string | null;
  messages: TurnMessage[];
};

/**
 * Reads a session file; one that does not exist yet is a new conversation.
 * @throws UsageError naming the file, when it is no session
 */
export async function readSession(path: string | undefined): Promise<Session> {
  const empty: Session = { bundle: null, focus: null, messages: [] };
  if (path === undefined) {
    return empty;
  }
  const state = await stat(path).catch(() => undefined);
  if (state === undefined) {
    return empty;
  }
  const broken = new UsageError(`--session ${path}: is not a session of looktwice; remove it to begin a new one.`);
  if (!state.isFile() || state.size > MAX_SESSION_BYTES) {
    throw broken;
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw broken;
  }
  const parsed = sessionSchema.safeParse(json);
  if (!parsed.success) {
    throw broken;
  }
  const { bundle, focus, messages } = parsed.data;
  return { bundle, focus, messages };
}

/** Writes the session, whole or not at all. */
export async function writeSession(path: string, { bundle, focus, messages }: Session): Promise<void> {
  await writeResult(path, `${JSON.stringify({ format: 1, bundle, focus, messages }, null, 1)}\n`);
}
