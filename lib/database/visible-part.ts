import type { Owner } from './owner';

/** Parts that a person may look at and compare with: the own ones, and those that are shared. */
export const visiblePart = ({ userId }: Owner) => ({
  deletedAt: null,
  OR: [{ ownerId: userId }, { shared: true }],
});
