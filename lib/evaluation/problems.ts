import { type DatasetProblem } from '@/lib/datasets/readers/types';

/** Something that kept a part of the set from being evaluated as it claims to be; the rest is evaluated. */
export type EvaluationProblem = {
  code:
    | DatasetProblem['code']
    | 'unreadable_image'
    | 'unreadable_mask'
    | 'mask_size'
    | 'empty_mask'
    | 'one_class'
    | 'no_test_images'
    | 'too_few_references'
    | 'inspection_failed'
    /** Not an error: how an image was read, where that is not plain. */
    | 'read_as';
  /** The file, row or category. */
  where: string;
  message: string;
};
