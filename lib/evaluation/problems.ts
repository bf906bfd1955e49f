/** Something that kept a part of the set from being evaluated as it claims to be; the rest is evaluated. */
export type EvaluationProblem = {
  /**
   * Of the set's readers (lib/datasets/contract/problems), or of the evaluation: `one_class`, `no_test_images`,
   * `too_few_references`, `inspection_failed`.
   */
  code: string;
  /** The file, row or category. */
  where: string;
  message: string;
};
