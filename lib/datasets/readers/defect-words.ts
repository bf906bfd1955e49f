/**
 * Kinds of defects that can hardly be anything else, as whole words with their endings: `hole`, `cut` and `spot` are
 * parts of good products as well. The one list for names (folders, choices, columns) and for sentences.
 */
const KINDS = [
  ...['scratch(es|ed|ing)?', 'dent(s|ed)?', 'crack(s|ed|ing)?', 'chipped', 'contaminat(ion|ions|ed|es|ing)'],
  ...[
    'contaminants?',
    'stain(s|ed|ing)?',
    'scuff(s|ed|ing)?',
    'bent',
    'broken',
    'rust(y|ed)?',
    'corro(sion|sive|ded|des)',
  ],
  ...['torn', 'blister(s|ed|ing)?', 'burrs?', 'deform(ation|ations|ed|ity|ities)', 'misprint(s|ed)?', 'scrap(ped)?'],
  ...['delaminat(ion|ions|ed)', 'fractur(e|es|ed)', 'breakage', 'pitting', 'kratzern?', 'riss(e|ig)?', 'dellen?'],
  ...[
    'fleck(en)?',
    'rost(ig)?',
    'beulen?',
    'verschmutz(t|ung|ungen)',
    'rayures?',
    'fissures?',
    'rasguños?',
    'grietas?',
  ],
].join('|');
/** The same in scripts that part no words. */
const CJK_KINDS = '划痕|划伤|刮痕|裂纹|裂痕|凹痕|凹陷|污|破损|毛刺|锈|キズ|傷|割れ|欠け|汚れ|스크래치|긁힘|균열';
/** Source of an expression (flags `iu`) for the kinds of defects anywhere in a text. */
export const DEFECT_KINDS = `(?<!\\p{L})(?:${KINDS})(?!\\p{L})|${CJK_KINDS}`;

const DEFECT = new RegExp(`${DEFECT_KINDS}|(?<!\\p{L})(?:damages?|defects?)(?!\\p{L})`, 'iu');
const NEGATED =
  /(?<!\p{L})(no|not|non|none|without|free|repaired|false|ohne|kein(e|en)?|sans|sin)(?!\p{L})|无|無|なし|없/iu;

const plain = (word: string): string =>
  word
    .normalize('NFKC')
    .replace(/[_\s-]+/g, ' ')
    .trim();

/**
 * True for the name of a defect, as folders and choices bear it: `scratch`, `deep_scratches`, `划痕`; not for
 * `no scratch`.
 */
export function namesDefect(word: string): boolean {
  const name = plain(word);
  return DEFECT.test(name) && !NEGATED.test(name);
}

/**
 * Asks for defects by its name, as a control `defect` or `n_defects` does: what it holds, other than nothing, may be
 * one.
 */
export function asksForDefects(control: string): boolean {
  return /defect|anomal|fault|flaw|damage|fehler|defekt|schaden|mangel|缺陷|异常|異常|欠陥|결함|불량/i.test(control);
}

/** True for what says that there is nothing of what was asked: `None`, `no scratch`, 0. */
export function saysNothing(word: string): boolean {
  const name = plain(word);
  return /^(0|no|none|nothing|nil|na|n\/a|absent|keine?|nein|なし|없음)$/i.test(name) || NEGATED.test(name);
}
