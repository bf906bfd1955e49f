/** Names of defects that can hardly be anything else: `hole` and `cut` are parts of good products as well. */
const DEFECT =
  /(?<!\p{L})(scratch(es|ed)?|dent(s|ed)?|crack(s|ed)?|chipped|contaminat(ion|ions|ed)|stain(s|ed)?|scuff(s|ed)?|bent|broken|rust(y|ed)?|corro(sion|ded)|torn|blister(s|ed)?|burrs?|deform(ation|ations|ed)|misprint(s|ed)?|scrap(ped)?|damages?|defects?|delaminat(ion|ed)|fractur(e|es|ed)|breakage|pitting|kratzer|risse?|dellen?|verschmutz(t|ung)|rayures?|fissures?|rasguños?|grietas?)(?!\p{L})|划痕|划伤|裂纹|裂痕|凹痕|污渍|破损|キズ|傷|割れ|汚れ|스크래치|긁힘|균열/iu;
const NEGATED =
  /(?<!\p{L})(no|not|non|none|without|free|repaired|false|ohne|kein(e|en)?|sans|sin)(?!\p{L})|无|無|なし|없/iu;

const plain = (word: string): string =>
  word
    .normalize('NFKC')
    .replace(/[_\s-]+/g, ' ')
    .trim();

/** True for the name of a defect, as folders and choices bear it: `scratch`, `deep_scratches`, `划痕`; not for `no scratch`. */
export function namesDefect(word: string): boolean {
  const name = plain(word);
  return DEFECT.test(name) && !NEGATED.test(name);
}

/** Asks for defects by its name, as a control `defect` or `n_defects` does: what it holds, other than nothing, may be one. */
export function asksForDefects(control: string): boolean {
  return /defect|anomal|fault|flaw|damage|fehler|defekt|schaden|mangel|缺陷|异常|異常|欠陥|결함|불량/i.test(control);
}

/** True for what says that there is nothing of what was asked: `None`, `no scratch`, 0. */
export function saysNothing(word: string): boolean {
  const name = plain(word);
  return /^(0|no|none|nothing|nil|na|n\/a|absent|keine?|nein|なし|없음)$/i.test(name) || NEGATED.test(name);
}
