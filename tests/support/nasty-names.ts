import fc from 'fast-check';

/**
 * Parts of names that have broken tools: with spaces, signs of shells, addresses and lists, other scripts and forms,
 * reserved on Windows, very long.
 */
const STEMS = [
  ...['a', 'A', 'b', '0', '000', 'part', 'Part 1', ' a', 'a ', 'a  b', '.a', 'a.', 'a.b', 'a..b', 'a.png', 'a.jpg'],
  ...['-rf', '--help', '-', '_', '__', '~', '~a', '$HOME', '`id`', 'a;b', 'a&b', 'a|b', 'a>b', '(1)', '[1]', '{a}'],
  ...['%', '100%', 'a%20b', '%2e%2e', 'a%2fb', '#', 'a#1', '?', 'a?b=c', 'a+b', 'a=b', 'a@2x', '!a', 'a*', 'a:b', 'C:'],
  ...["'", '"', '"a"', "it's", 'a,b', ',', '\u200b', '\u00a0', 'a\u202eb', '\ufeffa', '<a>', '&amp;', 'null', 'NaN'],
  ...[
    'é',
    'e\u0301',
    'ü',
    'u\u0308',
    'Å',
    'A\u030a',
    '\u212b',
    'ﬁ',
    'fi',
    'ß',
    'SS',
    'İ',
    'ı',
    '划痕',
    'キズ',
    'ｷｽﾞ',
    '한글',
    'ﾊ',
    '😀',
    'Ω',
    '\u2126',
  ],
  ...['con', 'CON', 'nul', 'aux', 'com1', 'lpt9', 'prn', 'desktop', 'Thumbs', 'constructor', '__proto__', 'toString'],
  ...[
    'images',
    'classes',
    'all',
    'readme',
    'labels',
    'train',
    'test',
    'val',
    'good',
    'bad',
    'normal',
    'mask',
    'a_mask',
    'a_gt',
    'mask_a',
    'a_mask_gt',
    'ground_truth',
    'masks',
    'data',
    'annotations',
  ],
  ...['x'.repeat(120), '长'.repeat(40), 'é'.repeat(60)],
  // As long as disks take, with an ending.
  ...['y'.repeat(251), '長'.repeat(83), '🙂'.repeat(62)],
];
const ENDINGS = ['.png', '.PNG', '.Png'];

const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STEMS) },
  {
    weight: 1,
    arbitrary: fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .map((text) => text.replace(/[/\\\u0000-\u001f\u007f\u0085\u2028\u2029]/g, '_')),
  },
);

/** A folder's name that no system takes for another folder, and that is not hidden. */
const folder = part.filter((name) => !name.startsWith('.') && name.trim() !== '');
const file = fc
  .tuple(part, fc.constantFrom(...ENDINGS))
  .map(([stem, ending]) => `${stem}${ending}`)
  .filter((name) => !name.startsWith('.'));

/** A drive on Windows: no item's path begins so (lib/datasets/import/safe-paths.ts). */
const beginsWithDrive = (path: string): boolean => /^[A-Za-z]:/.test(path);

/**
 * Paths of images in a set, whose names are as bad as those of real disks. Names that end in the same image on a disk
 * which knows no case, or composes accents, are there as twins; hidden files and control characters are not, since no
 * reader takes them.
 */
export const nastyPaths = (maxLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(
    fc
      .tuple(fc.array(folder, { maxLength: 2 }), file)
      .map(([folders, name]) => [...folders, name].join('/'))
      .filter((path) => !beginsWithDrive(path)),
    { minLength: 1, maxLength },
  );
