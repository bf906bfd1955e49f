import { randomUUID } from 'node:crypto';
import type { Frozen } from '@/lib/anomaly/frozen';
import { EngineError, isOfTheImage } from '@/lib/engine/errors';
import type { ImageSource, Inspection } from '@/lib/turn/perception';
import type { Engine, EngineCallOptions } from './client';
import type { InspectRequest } from './operations';

/** An image of a set; `key` is the caller's name for it. */
export type SetImage = { key: string; image: ImageSource };

/**
 * How an image was judged: among the others (`frozen` looks at it again that way, `nearest` is the key of the normal
 * one that is most like it), or by itself; or why it was not.
 */
export type SetJudgement = { key: string } & (
  { inspection: Inspection; frozen: Frozen | null; nearest: string | null } | { error: string }
);

/** `images`: each is looked at by itself; `comparing`: each with the others. */
export type SetProgress = { stage: 'images' | 'comparing'; done: number; total: number };

type Options = Pick<EngineCallOptions<never>, 'key' | 'signal'> & {
  onProgress?: ((progress: SetProgress) => void) | undefined;
};

/** How often a set is begun that another one took the place of in the engine's memory. */
const BEGINNINGS = 3;

async function orError<Result>(work: () => Promise<Result>): Promise<Result | { error: string }> {
  try {
    return await work();
  } catch (error) {
    if (isOfTheImage(error)) {
      return { error: error.message };
    }
    throw error;
  }
}

/**
 * Judges images among each other, without references: those that show things of one kind, each beside the others; what
 * shows something else is judged by itself. In short steps, between which the engine answers others.
 * @returns one judgement per image, in their order
 * @throws EngineError `cancelled`, `queue_full`, `model_unavailable`
 */
export async function judgeTogether(
  engine: Engine,
  images: readonly SetImage[],
  options: Options,
): Promise<SetJudgement[]> {
  for (let beginning = 1; ; beginning += 1) {
    const set = randomUUID();
    try {
      return await judgeOnce(engine, images, set, options);
    } catch (error) {
      // Not in memory any more: others began sets meanwhile, or the thread was started again.
      if (!(error instanceof EngineError && error.code === 'invalid_request') || beginning === BEGINNINGS) {
        throw error;
      }
    } finally {
      await engine.together({ step: 'end', set }, { key: options.key }).catch(() => undefined);
    }
  }
}

async function judgeOnce(
  engine: Engine,
  images: readonly SetImage[],
  set: string,
  { onProgress, ...call }: Options,
): Promise<SetJudgement[]> {
  const total = images.length;
  const failed = new Map<string, string>();
  let isBegun = false;
  for (const [at, { key, image }] of images.entries()) {
    onProgress?.({ stage: 'images', done: at, total });
    const looked = await orError(() =>
      engine.together({ step: 'look', set, key, image, at, begin: !isBegun, total }, call),
    );
    if ('error' in looked) {
      failed.set(key, looked.error);
    } else {
      isBegun = true;
    }
  }
  const { group, members } = isBegun ? await engine.together({ step: 'group', set }, call) : { group: [], members: [] };
  const source = new Map(images.map(({ key, image }) => [key, image]));
  const steps = members.length + images.length;
  let done = 0;
  const compared = () => {
    done += 1;
    onProgress?.({ stage: 'comparing', done: Math.floor((done * total) / steps), total });
  };
  onProgress?.({ stage: 'comparing', done: 0, total });
  for (const key of members) {
    const image = source.get(key);
    if (image !== undefined) {
      await engine.together({ step: 'measure', set, key, image }, call);
    }
    compared();
  }
  const together = new Set(group);
  const judged: SetJudgement[] = [];
  const alike = new Map<string, string[]>();
  for (const { key, image } of images) {
    const error = failed.get(key);
    const found =
      error !== undefined
        ? { error }
        : together.has(key)
          ? await engine.together({ step: 'judge', set, key, image }, call)
          : await orError(() => alone(engine, { image }, call));
    if ('error' in found) {
      judged.push({ key, error: found.error });
    } else {
      judged.push({ key, inspection: found.inspection, frozen: found.frozen, nearest: null });
      alike.set(key, 'alike' in found ? found.alike : []);
    }
    compared();
  }
  const normal = new Set(
    judged.flatMap((each) => ('inspection' in each && each.inspection.verdict === 'normal' ? [each.key] : [])),
  );
  return judged.map((each) =>
    'error' in each ? each : { ...each, nearest: alike.get(each.key)?.find((key) => normal.has(key)) ?? null },
  );
}

async function alone(engine: Engine, request: InspectRequest, call: Pick<Options, 'key' | 'signal'>) {
  return { inspection: await engine.inspect(request, call), frozen: null, nearest: null };
}

/**
 * Judges each image by itself, beside references or a part: what there is to compare with makes comparing them with
 * each other needless.
 * @returns and @throws as `judgeTogether`
 */
export async function judgeEach(
  engine: Engine,
  images: readonly SetImage[],
  beside: Pick<InspectRequest, 'references' | 'parts'>,
  { onProgress, ...call }: Options,
): Promise<SetJudgement[]> {
  const judged: SetJudgement[] = [];
  for (const { key, image } of images) {
    onProgress?.({ stage: 'images', done: judged.length, total: images.length });
    const found = await orError(() => alone(engine, { ...beside, image }, call));
    judged.push('error' in found ? { key, error: found.error } : { key, ...found });
  }
  return judged;
}
