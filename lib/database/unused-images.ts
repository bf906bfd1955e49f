import type { Prisma } from './generated/client';

/**
 * Images that nothing uses: one condition for every purge. A table that holds an image back needs its line here
 * (tests/integration/purge.test.ts fails on a new one).
 * @param before what was uploaded again since then is kept: somebody is about to ask about it
 */
export function unusedSince(before: Date) {
  return {
    messages: { none: {} },
    shares: { none: {} },
    datasetItems: { none: {} },
    references: { none: {} },
    partSamples: { none: {} },
    corrections: { none: {} },
    OR: [{ receivedAt: null }, { receivedAt: { lte: before } }],
  } satisfies Prisma.ImageWhereInput;
}
