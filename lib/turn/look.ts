import { placeOfRle } from '@/lib/segmentation/describe';
import type { ReadMessage } from './branch';
import { noticeOf } from './notice';
import type { LookOptions, Perception, Seen } from './perception';
import type { TurnEvent } from './types';

type Options = { signal: AbortSignal; emit: (event: TurnEvent) => void };

/**
 * Looks at every image of the branch and keeps each look with the question that brought the image: an image may be
 * looked at again with references, and what was said of the first look then still stands by it. Only the new question's
 * images are announced.
 * @returns the latest look at each image, by its id
 */
export async function lookAtImages<State extends Seen>(
  perception: Pick<Perception<State>, 'inspect' | 'compare'>,
  branch: readonly ReadMessage<State>[],
  { signal, emit }: Options,
): Promise<ReadonlyMap<string, State>> {
  const states = new Map<string, State>();
  for (const [index, read] of branch.entries()) {
    if (read.role !== 'user') {
      continue;
    }
    const isNew = index === branch.length - 1;
    const { images, references } = read.message;
    for (const image of images) {
      const options: LookOptions = {
        signal,
        onProgress: (done, total) => emit({ type: 'status', stage: 'looking', done, total }),
        onGlance: (heatmap) => isNew && emit({ type: 'glance', imageId: image.id, heatmap }),
      };
      if (isNew) {
        emit({ type: 'status', stage: 'decoding' });
      }
      const { state, describe } = await (references.length > 0
        ? perception.compare(image, references, options)
        : perception.inspect(image, options));
      states.set(image.id, state);
      read.looks.push(state);
      if (isNew) {
        const inspection = await describe();
        const regions = inspection.regions.map((region) => ({ ...region, place: placeOfRle(region.rle) }));
        const referenceIds = references.map(({ id }) => id);
        emit({ type: 'inspection', imageId: image.id, referenceIds, inspection: { ...inspection, regions } });
        const notice = noticeOf(image.id, state.judgement);
        if (notice !== null) {
          emit({ type: 'notice', ...notice });
        }
      }
    }
  }
  return states;
}
