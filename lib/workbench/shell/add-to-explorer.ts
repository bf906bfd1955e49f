import { notify } from '../ui/notify';
import { uploadFile } from '../chat/drafts';
import { openImage } from '../state/editors';

const NAMED_FAILURES = 3;

/**
 * Uploads files to the Explorer, without a question; the last one is opened. Files that fail are named, a long list of
 * them counted.
 */
export async function addToExplorer(files: readonly File[]): Promise<void> {
  const results = await Promise.allSettled(files.map((file) => uploadFile(file)));
  const last = results.findLast((result) => result.status === 'fulfilled');
  if (last?.status === 'fulfilled') {
    openImage({ imageId: last.value.id, name: last.value.name });
  }
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected'
      ? [
          `${files[index]?.name ?? 'A file'}: ${result.reason instanceof Error ? result.reason.message : 'it could not be uploaded.'}`,
        ]
      : [],
  );
  failures.slice(0, NAMED_FAILURES).forEach((message) => notify.error(message, { duration: 10_000 }));
  if (failures.length > NAMED_FAILURES) {
    notify.error(`${failures.length} of ${files.length} files could not be added.`, { duration: 10_000 });
  }
}
