import { removeContentIfUnused } from '@/lib/database/images';
import { purgeParts } from '@/lib/database/purge-parts';
import { KEPT_DAYS } from '@/lib/datasets/purge';
import { blobs } from '@/lib/storage';

const DAY_MS = 24 * 60 * 60_000;
/** Rounds of one call; the rest is for the next one. */
const ROUNDS = 20;

/** Deletes for good what parts that were deleted days ago had, as sets go. Returns how many parts went. */
export async function purgeDeletedParts(now = Date.now()): Promise<number> {
  const store = blobs();
  let all = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { parts, sha256s } = await purgeParts(new Date(now - KEPT_DAYS * DAY_MS));
    for (const sha256 of new Set(sha256s)) {
      await removeContentIfUnused(sha256, () => store.remove(sha256));
    }
    all += parts;
    if (parts === 0) {
      break;
    }
  }
  return all;
}
