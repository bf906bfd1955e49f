import { shortVerdict } from '@/lib/contract/verdict';
import { notify } from '../ui/notify';
import type { StatusPart } from '@/lib/contract';
import { api, ApiError } from '../client/api';
import { refreshImages } from '../client/use-images';
import { createStore } from '../state/create-store';
import { rememberInspection } from '../state/images';
import { logOutput } from '../state/output';

/** An inspection without chat that runs now: what the server says it does, and how to stop it. */
export type Inspecting = { status: StatusPart | null; cancel: () => void };

/** The images that are being inspected without chat, by id. */
export const inspectingStore = createStore<Readonly<Record<string, Inspecting>>>({});

/** Inspects an image without asking anything, alone or against normal references; says so when it fails. */
export async function inspectImage(imageId: string, referenceIds: readonly string[] = []): Promise<void> {
  if (inspectingStore.get()[imageId]) {
    return;
  }
  const abort = new AbortController();
  const put = (status: StatusPart | null) =>
    inspectingStore.set((all) => ({ ...all, [imageId]: { status, cancel: () => abort.abort() } }));
  put(null);
  try {
    const result = await api.inspect(
      { imageId, referenceIds: [...referenceIds], ...(referenceIds.length === 0 && { part: 'auto' as const }) },
      { signal: abort.signal, onStatus: put },
    );
    rememberInspection(result);
    refreshImages();
    const { score, bucket, verdict, probability, ms, regions } = result.inspection;
    logOutput(
      'inspection',
      `Score ${score.toFixed(3)} (${bucket} suspicious; ${shortVerdict({ verdict, probability })}), ${regions.length} regions, ${Math.round(ms)} ms`,
    );
  } catch (error) {
    if (abort.signal.aborted) {
      logOutput('inspection', 'Inspection cancelled.');
      return;
    }
    const message = error instanceof ApiError ? error.message : String(error);
    logOutput('inspection', message, 'error');
    notify.error(message);
  } finally {
    inspectingStore.set(({ [imageId]: _ended, ...others }) => others);
  }
}
