import { toast } from 'sonner';
import { api, ApiError } from '../client/api';
import { createStore } from '../state/create-store';
import { rememberInspection } from '../state/images';
import { logOutput } from '../state/output';

/** Ids of the images that are being inspected without chat. */
export const inspectingStore = createStore<readonly string[]>([]);

/** Inspects an image without asking anything, alone or against normal references; says so when it fails. */
export async function inspectImage(imageId: string, referenceIds: readonly string[] = []): Promise<void> {
  if (inspectingStore.get().includes(imageId)) {
    return;
  }
  inspectingStore.set((ids) => [...ids, imageId]);
  try {
    const result = await api.inspect({ imageId, referenceIds: [...referenceIds] });
    rememberInspection(result);
    const { score, bucket, ms, regions } = result.inspection;
    logOutput(
      'inspection',
      `Score ${score.toFixed(3)} (${bucket} suspicious), ${regions.length} regions, ${Math.round(ms)} ms`,
    );
  } catch (error) {
    const message = error instanceof ApiError ? error.message : String(error);
    logOutput('inspection', message, 'error');
    toast.error(message);
  } finally {
    inspectingStore.set((ids) => ids.filter((id) => id !== imageId));
  }
}
