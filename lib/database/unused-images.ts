import type { Prisma } from './generated/client';

/**
 * Images that nothing uses. A table that holds an image back needs its line here (tests/integration/purge.test.ts fails
 * on a new one).
 */
function unusedSince(before: Date) {
  return {
    messages: { none: {} },
    shares: { none: {} },
    datasetItems: { none: {} },
    references: { none: {} },
    partSamples: { none: {} },
    corrections: { none: {} },
    // Uploaded again since: somebody is about to ask about it.
    OR: [{ receivedAt: null }, { receivedAt: { lte: before } }],
  } satisfies Prisma.ImageWhereInput;
}

/**
 * Deletes those of the images that nothing uses any more and that were not uploaded again since `before`. Returns the
 * content keys that may be unused now: check each with `removeContentIfUnused`.
 */
export async function deleteUnusedImages(
  tx: Prisma.TransactionClient,
  imageIds: readonly string[],
  before: Date,
): Promise<string[]> {
  const unused = await tx.image.findMany({
    where: { id: { in: [...imageIds] }, ...unusedSince(before) },
    select: { id: true, sha256: true, inspections: { select: { mapKey: true } } },
  });
  await tx.image.deleteMany({ where: { id: { in: unused.map(({ id }) => id) } } });
  return unused.flatMap(({ sha256, inspections }) => [sha256, ...inspections.map(({ mapKey }) => mapKey)]);
}
