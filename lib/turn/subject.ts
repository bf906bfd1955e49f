import type { TurnContext, TurnFinding } from './context';
import type { ReadMessage } from './branch';
import type { TurnImage } from './types';

/** The image that a question is about. */
export type Subject = {
  image: TurnImage;
  /** True when its verdict is due: it is new, or compared with references for the first time. */
  isFirstLook: boolean;
  /** What earlier answers found on it. */
  known: TurnFinding | null;
};

/** Contexts of the branch's answers, oldest first; answers of other versions have none. */
function contextsOf(branch: readonly ReadMessage[]): TurnContext[] {
  return branch.flatMap((read) => (read.role === 'assistant' && read.context !== null ? [read.context] : []));
}

/**
 * The image that the last question is about: the most suspicious of its own, else the one that it names (`focus`), else
 * the one judged last, else the latest. Undefined in a conversation without images.
 */
export function findSubject(
  branch: readonly ReadMessage[],
  focus: string | null,
  scoreOf: (imageId: string) => number,
): Subject | undefined {
  const last = branch.at(-1);
  const own = last?.role === 'user' ? last.message.images : [];
  const all = branch.flatMap((read) => (read.role === 'user' ? read.message.images : []));
  const contexts = contextsOf(branch);
  const judged = contexts.flatMap((context) => context.judged);
  const find = (id: string | null | undefined) => all.findLast((image) => image.id === id);
  const [worst] = [...own].sort((a, b) => scoreOf(b.id) - scoreOf(a.id));
  const image = worst ?? find(focus) ?? find(judged.at(-1)) ?? all.at(-1);
  return image === undefined
    ? undefined
    : {
        image,
        isFirstLook: own.length > 0 || !judged.includes(image.id),
        known: contexts.findLast(({ finding }) => finding?.imageId === image.id)?.finding ?? null,
      };
}
