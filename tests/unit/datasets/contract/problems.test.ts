import { groupProblems, leadingProblems } from '@/lib/datasets/contract';

test('what a summary shows first has a reason of every effect, the gravest first', () => {
  const groups = groupProblems({
    ...{ unreadable_image: 3, missing_image: 2, unread_format: 5, duplicate: 1 },
    ...{ unlabelled: 4, bad_row: 9, no_region: 1, moved: 50 },
  });
  const shown = (most: number) => leadingProblems(groups, most).map(({ code }) => code);
  expect(shown(4)).toEqual(['unread_format', 'unlabelled', 'bad_row', 'no_region']);
  expect(shown(2)).toEqual(['unread_format', 'unlabelled']);
  expect(shown(6)).toEqual(['unread_format', 'unreadable_image', 'unlabelled', 'bad_row', 'no_region', 'moved']);
  expect(leadingProblems([], 4)).toEqual([]);
});
