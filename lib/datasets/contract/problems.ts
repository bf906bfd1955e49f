/**
 * What a problem of an import means for the set, the gravest first: an image or file is not in it; an image is in it
 * without a label; a record could not be read; a mask is missing; or there is something to know and nothing is missing.
 */
export const problemEffects = ['left_out', 'unlabelled', 'unread', 'no_mask', 'note'] as const;
export type ProblemEffect = (typeof problemEffects)[number];

/** Every kind of problem by its code, in the words of the import's report. */
export const problemKinds: Readonly<Record<string, { effect: ProblemEffect; title: string }>> = {
  unreadable_image: { effect: 'left_out', title: 'Images that cannot be read' },
  unread_format: { effect: 'left_out', title: 'Pictures, films and archives in formats that are not read' },
  missing_image: { effect: 'left_out', title: 'Images that label files name and the set does not have' },
  ambiguous_name: { effect: 'left_out', title: 'Names that fit several images or none' },
  unsafe_path: { effect: 'left_out', title: 'Names that lead out of the set' },
  unsafe_entry: { effect: 'left_out', title: 'Links and devices' },
  duplicate: { effect: 'left_out', title: 'Images that are there twice' },
  unused_picture: { effect: 'left_out', title: 'Masks and drawings of no image' },
  not_needed: { effect: 'left_out', title: 'Files that are neither pictures to inspect nor label files' },
  no_regions: { effect: 'left_out', title: 'Label files that mark no regions' },
  unlabelled: { effect: 'unlabelled', title: 'Images with an annotation that cannot be read' },
  not_labelled: { effect: 'unlabelled', title: 'Images that nothing labels' },
  nothing_annotated: { effect: 'unlabelled', title: 'Images that nobody has annotated' },
  unknown_answer: { effect: 'unlabelled', title: 'Images whose conversations leave open whether they are normal' },
  contradiction: { effect: 'unlabelled', title: 'Images that are said to be both normal and anomalous' },
  bad_row: { effect: 'unread', title: 'Rows and records that cannot be read' },
  bad_file: { effect: 'unread', title: 'Label files that cannot be read' },
  unknown_file: { effect: 'unread', title: 'Files that may be label files, of no known format' },
  same_id: { effect: 'unread', title: 'Images that share one id' },
  unknown_choice: { effect: 'unread', title: 'Choices that say neither normal nor anomalous' },
  missing_mask: { effect: 'no_mask', title: 'Anomalous images without a mask' },
  mask_size: { effect: 'no_mask', title: 'Masks of another size than their image' },
  size_mismatch: { effect: 'no_mask', title: 'Annotations made on an image of another size' },
  empty_mask: { effect: 'no_mask', title: 'Empty masks of anomalous images' },
  unreadable_mask: { effect: 'no_mask', title: 'Masks that cannot be read' },
  bad_shape: { effect: 'no_mask', title: 'Annotations that cannot be drawn' },
  no_region: { effect: 'no_mask', title: 'Annotations without a region' },
  by_mask: { effect: 'note', title: 'Images labelled by their masks' },
  by_folder: { effect: 'note', title: 'Images labelled by the names of their folders' },
  other_format: { effect: 'note', title: 'Images labelled by files of another format' },
  box_form: { effect: 'note', title: 'Boxes that are stated in another form than the format has' },
  large_mask: { effect: 'note', title: 'Masks that mark most of their image' },
  moved: { effect: 'note', title: 'Annotations that were turned or scaled to their image' },
  repeated: { effect: 'note', title: 'Annotations that are stated twice' },
  unknown_class: { effect: 'note', title: 'Classes without a name' },
  renamed: { effect: 'note', title: 'Images whose name archives and lists cannot hold' },
  encoding: { effect: 'note', title: 'Text that is no UTF-8' },
  pages: { effect: 'note', title: 'Stacks of which each page is an item' },
  read_as: { effect: 'note', title: 'Images that are shown by a part of what they hold' },
  reviewed: { effect: 'note', title: 'Reviewed images that the files would change' },
  empty_folder: { effect: 'note', title: 'Empty folders' },
};

/** The kind of a problem; codes of older imports are notes. */
export function problemKind(code: string): { effect: ProblemEffect; title: string } {
  return problemKinds[code] ?? { effect: 'note', title: code };
}

export type ProblemGroup = { code: string; effect: ProblemEffect; title: string; count: number };

/** The kinds of an import's problems with how many there are, the gravest first. */
export function groupProblems(counts: Readonly<Record<string, number>>): ProblemGroup[] {
  const rank = (effect: ProblemEffect) => problemEffects.indexOf(effect);
  return Object.entries(counts)
    .map(([code, count]) => ({ code, count, ...problemKind(code) }))
    .sort((a, b) => rank(a.effect) - rank(b.effect) || b.count - a.count || (a.code < b.code ? -1 : 1));
}

/**
 * Some of the groups, in their order, among them the largest of as many effects as there is room for: so every figure
 * of a summary has its reason.
 */
export function leadingProblems(groups: readonly ProblemGroup[], most: number): ProblemGroup[] {
  const isFirst = (group: ProblemGroup) => groups.find(({ effect }) => effect === group.effect) === group;
  const chosen = new Set([...groups.filter(isFirst), ...groups.filter((group) => !isFirst(group))].slice(0, most));
  return groups.filter((group) => chosen.has(group));
}

/** How many problems of an import have an effect. */
export function countEffect(counts: Readonly<Record<string, number>>, effect: ProblemEffect): number {
  return groupProblems(counts).reduce((sum, group) => sum + (group.effect === effect ? group.count : 0), 0);
}
