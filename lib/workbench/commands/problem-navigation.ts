import { openImage } from '../state/editors';
import { imageStore, listProblems, type Problem } from '../state/images';
import { revealRegion } from '../state/viewer';

let current = -1;

/** Opens the image of a problem and zooms to its region. */
export function showProblem(problem: Problem): void {
  current = listProblems(imageStore.get()).findIndex(
    ({ imageId, regionId }) => imageId === problem.imageId && regionId === problem.regionId,
  );
  openImage({ imageId: problem.imageId, name: problem.imageName }, { preview: true });
  revealRegion(problem.imageId, problem);
}

/** Goes to the next (1) or previous (-1) region of all images, round and round. */
export function stepProblem(step: 1 | -1): void {
  const problems = listProblems(imageStore.get());
  const next =
    problems[(Math.max(current, step === 1 ? -1 : 0) + step + problems.length) % Math.max(1, problems.length)];
  if (next) {
    showProblem(next);
  }
}
