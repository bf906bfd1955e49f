import type { PartsAsked } from '@/lib/anomaly/part-finding';
import { withOwner } from './local-owner';

/**
 * What the engine is asked for to compare with the part of this name, its samples read if they are not yet; undefined
 * without a name.
 * @throws AppError not_found, conflict for a part without good samples
 */
export async function askedPart(name: string | undefined): Promise<PartsAsked | undefined> {
  if (name === undefined) {
    return undefined;
  }
  return withOwner(async (owner) => {
    const { requirePartNamed } = await import('@/lib/parts/manage');
    const { askForParts } = await import('@/lib/parts/ask');
    const { ensureBank } = await import('@/lib/parts/bank');
    const { id } = await requirePartNamed(owner, name);
    await ensureBank(id);
    return askForParts(owner, { id });
  });
}
