import { MAX_SET_BANK, type Measured } from '@/lib/anomaly/set-bank';
import { type SetMember } from '@/lib/anomaly/set-member';
import { type DetectOptions, type Detection, type ImageFile } from './detector';
import { mapInOrder } from '@/lib/common/in-order';
import { type EvaluationOperations } from './worker/operations';

/** Calls an idle thread. */
export type EvaluationCall = <Name extends keyof EvaluationOperations>(
  operation: Name,
  params: EvaluationOperations[Name]['params'],
  signal: AbortSignal | undefined,
) => Promise<EvaluationOperations[Name]['result']>;

type Threads = {
  call: EvaluationCall;
  everyThread: <Name extends keyof EvaluationOperations>(
    operation: Name,
    params: EvaluationOperations[Name]['params'],
  ) => Promise<void>;
  concurrency: number;
};

/**
 * Detections that wait for those before them, per thread: enough that no thread is idle, few enough that maps do not
 * pile up.
 */
const WAITING = 4;

/**
 * Mutual scoring as batch inspection does it (`SetBank`): a sample of the set, evenly spread, is what each image is
 * compared with. The sample's images are looked at three times, so that no more than their part of the sample must be
 * kept. The scores say nothing about images of another set.
 */
export async function* mutualDetections(
  images: readonly ImageFile[],
  { side, signal, onWork }: DetectOptions & { onWork: (images: number) => void },
  { call, everyThread, concurrency }: Threads,
): AsyncGenerator<Detection | Error> {
  const sampled = spread(images, MAX_SET_BANK);
  const share = images.length / (2 * sampled.length + images.length);
  const attempt = async <T>(work: () => Promise<T>): Promise<T | Error> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      onWork(share);
    }
  };
  const ofSample = async <T>(work: (path: string) => Promise<T>): Promise<T[]> => {
    const found = await mapInOrder(sampled, concurrency, ({ path }) => attempt(() => work(path)));
    return found.flatMap((one) => (one instanceof Error ? [] : [one]));
  };

  // In a function of its own, so that the members are let go of here once the threads have them.
  const prepare = async (): Promise<void> => {
    const members: SetMember[] = await ofSample((path) => call('memberOf', { path }, signal));
    await everyThread('openSet', { members });
    const measured: Measured[] = await ofSample((path) => call('measure', { path }, signal));
    await everyThread('takeMeasured', { measured });
  };

  await prepare();
  for (let start = 0; start < images.length; start += concurrency * WAITING) {
    const next = images.slice(start, start + concurrency * WAITING);
    yield* await mapInOrder(next, concurrency, ({ path }) =>
      attempt(() => call('inspectInSet', { path, side }, signal)),
    );
  }
}

/** At most `most` of the items, evenly spread. */
function spread<T>(items: readonly T[], most: number): T[] {
  const stride = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(items.length, most) }, (_, index) => items[Math.floor(index * stride)] as T);
}
