import { z } from 'zod';
import type { Frozen } from '@/lib/anomaly/frozen';
import { basisSchema, idSchema } from '@/lib/contract';

/** A comparison as the row of its inspection keeps it: the deviations as little-endian float32, base64. */
const payloadSchema = z.object({
  frozen: z.object({
    basis: basisSchema,
    references: z.int().positive(),
    score: z.number(),
    deviations: z.base64(),
  }),
});
export type FrozenPayload = z.infer<typeof payloadSchema>['frozen'];

export function toPayload({ basis, comparison }: Frozen): FrozenPayload {
  const { references, score, deviations } = comparison;
  const bytes = Buffer.from(deviations.buffer, deviations.byteOffset, deviations.byteLength);
  return { basis, references, score, deviations: bytes.toString('base64') };
}

/** What the row of an inspection says that its image was compared with; null where it was judged by itself. */
export function frozenOf(payload: unknown): Frozen | null {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) {
    return null;
  }
  const { basis, references, score, deviations } = parsed.data.frozen;
  const bytes = Buffer.from(deviations, 'base64');
  // A copy: the buffer of a decoded text need not begin at a multiple of four.
  const values = new Float32Array(new Uint8Array(bytes).buffer.slice(0, bytes.length - (bytes.length % 4)));
  return { basis, comparison: { references, score, deviations: values } };
}

/** The image that the row of an inspection says is most like its own; null where it names none. */
export function nearestOf(payload: unknown): string | null {
  const parsed = z.object({ nearest: idSchema }).safeParse(payload);
  return parsed.success ? parsed.data.nearest : null;
}
