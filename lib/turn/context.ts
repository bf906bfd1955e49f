import { z } from 'zod';
import type { TurnContextData } from './types';

/** A piece of an answer as the model's context holds it: what it said, by token; and what was spliced, as text. */
const pieceSchema = z.union([z.object({ tokens: z.array(z.int().nonnegative()) }), z.object({ spliced: z.string() })]);
export type AnswerPiece = z.infer<typeof pieceSchema>;

const findingSchema = z.object({
  imageId: z.string(),
  type: z.string(),
  material: z.string(),
  severity: z.enum(['minor', 'moderate', 'severe']),
  evidence: z.string(),
});
/** What `<seg>` found on an image; follow-ups retrieve the playbook by it. */
export type TurnFinding = z.infer<typeof findingSchema>;

const contextSchema = z.object({
  /** The answer with evidence, readable: for logs and people. */
  transcript: z.string(),
  /** What stood behind the question: what it asks for and the playbook's entry, or empty. */
  questionSplice: z.string(),
  pieces: z.array(pieceSchema),
  /** Images whose verdict was given in this answer. */
  judged: z.array(z.string()),
  finding: findingSchema.nullable(),
});
export type TurnContext = z.infer<typeof contextSchema>;

/** A stored context, or null when it is of another version (the answer's plain text then stands for it). */
export function readContext(data: TurnContextData | null): TurnContext | null {
  const parsed = contextSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}
