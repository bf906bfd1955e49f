import { DEFECT_KINDS } from '../defect-words';

/** Words in which questions about an image are asked and answered, in the languages in which sets have them. */

export const ANOMALY =
  'anomal|defect|abnormal|flaw|fault|damag|irregular|imperfect|problem|wrong|issue|blemish|broken|error|fehler|defekt|mängel|mangel|schaden|schäden|beschädig';
/** The same in scripts that part no words. */
export const CJK_ANOMALY = '异常|異常|缺陷|瑕疵|不良|欠陥|問題|问题|이상|결함|불량';

/** Asks for one kind of thing: "yes" finds it, "no" leaves open whether there is another. */
export const KIND =
  /\b(scratch|dent|crack|hole|stain|contaminat|scuff|chip|bent|bend|cut|missing|rust|corro|spot|tear|tumou?r|h(a?)emorrhage)/i;
const KIND_IN_QUESTION = new RegExp(
  `${KIND.source}|\\b(kratzer|delle|riss|fleck|rost|beule)|划痕|刮痕|裂|凹|污|破损|毛刺|锈|傷|キズ|汚れ|割れ|欠け`,
  'i',
);
const NAMED = new RegExp(`\\b(${ANOMALY})|${CJK_ANOMALY}|${DEFECT_KINDS}`, 'iu');

/** An answer that goes on to take something out of itself. */
const RESTRICTS =
  /\b(but|except|however|although|though|besides|other than|apart from|aside from|save for|only|aber|außer|abgesehen|jedoch|allerdings|bis auf|lediglich|nur|mais|sauf|pero|salvo|excepto)\b|但|除了|只有|不过|ただし|しかし|除いて|하지만|그러나/i;
/** Says that nobody can say. */
export const UNDECIDED =
  /\b(cannot|can ?not|can['’]t|could not|couldn['’]t|unable to|impossible to|hard to|difficult to|not possible to) (be )?(really |clearly |reliably )?(tell|say|determin|judge|decide|assess|know|be sure|answer)|\b(not|un)[ -]?(sure|certain|clear)\b|\bi do(n['’]t| not) know\b|^\W*(yes (and|or) no|no (and|or) yes|jein)\b|\b(kann|lässt|läßt) .{0,40}\bnicht .{0,40}(sagen|beurteilen|erkennen|entscheiden)|\b(unklar|unsicher|schwer zu sagen|weiß nicht)\b|无法|無法|无从|不确定|不確定|难以|看不清|对不起|對不起|没有把握|不(是)?(很|太)?(清楚|确定)|判断でき|判定でき|わかりません|分かりません|わからない|分からない|不明|모르/i;
const HEDGED =
  /\b(maybe|perhaps|possibly|probably|might|vielleicht|möglicherweise|vermutlich)\b|可能|也许|大概|かもしれ|아마/i;
/** Where "no" begins another saying than a denial: "No doubt", "No. 2". */
export const NO_OF_ANOTHER_KIND = /^\W*no[.:]?\s+(doubt|idea|question|wonder|clue|comment|opinion|answer|way|\d)/i;

/**
 * Asks or speaks of a part of what can be wrong: of a degree, a number, a place, of others beside one that is known, or
 * of the picture itself.
 */
const LIMITED = new RegExp(
  [
    '\\b(severe|serious|major|critical|large|larger|big|bigger|small|smaller|minor|deep|deeper|than|exceeds?)\\b',
    '\\b(more|other|others|another|further|additional|else|multiple|several|many|two|three)\\b',
    '\\b(logical|structural|cosmetic|functional|mechanical|electrical)\\b',
    '\\b(in|on|at|near|along|to) (the |its |this )?(far |very )?(left|right|top|bottom|upper|lower|corner|edge|rim|region|area|cent(er|re)|middle|background)',
    "\\b(image|picture|photo)(’s|'s)? quality|quality of (the|this) (image|picture|photo)|\\b(lighting|exposure|in focus|brightness)\\b",
    '\\b(schwer(e|en|er|es)?|größer|kleiner|weitere[rns]?|andere[rns]?|mehrere|mehr)\\b',
    '严重|嚴重|其他|其它|另外|多个|大的|较大|左|右|他に|重大',
  ].join('|'),
  'i',
);
/** "The defect", "this anomaly": the question takes it for granted. */
const PRESUPPOSES =
  /\b(the|this|that|these|those|its|der|dieser|diese|dieses)( (visible|shown|marked|highlighted|detected|same|main|scratch|dent|crack))? (defect|anomal(y|ies)|flaw|fault|damage|irregularit(y|ies)|imperfection|problem|issue|blemish|error|fehler|schaden|defekt)s?\b(?![ -]free)|(这个|这处|该|此|这些)(缺陷|瑕疵|异常|问题)|この(欠陥|異常|不良)/i;
/** Asks for one property, so that "yes" leaves open what is wrong beside it. */
const ONE_PROPERTY = /\b(colou?r|shape|size|position|orientation|dimensions?)\b/i;

const OTHERS_BESIDE = /(,|\b(or|and)) (any |some )?(other|further)\b/gi;
const EXAMPLES = /\([^)]*\)|\b(such as|like|e\.g\.|for example|for instance|including|z\. ?b\.).*/gi;
const GENERAL = new RegExp(
  `\\b(${ANOMALY})\\w*( ?,| or| and|/)|(,|\\b(or|and)) (any |some |other |further )*(${ANOMALY})|等(${CJK_ANOMALY})`,
  'i',
);
const SUBJECT =
  /\b(in|on|at|inside|within) (the|this|these|that) .*|\b(does|do|is|has|have|are) (the|this|these|that) \w+/gi;

/** True for words about a part of what can be wrong, so that denying them leaves the rest open. */
export function isLimited(text: string): boolean {
  return LIMITED.test(text.replace(OTHERS_BESIDE, ' ')) || PRESUPPOSES.test(text);
}

/** True for a question after one kind of defect, and not after that among others ("a scratch or any other defect"). */
export function asksForKind(question: string): boolean {
  const plain = question.replace(EXAMPLES, ' ').replace(SUBJECT, ' ');
  return KIND_IN_QUESTION.test(plain) && !GENERAL.test(plain);
}

export const asksForProperty = (question: string): boolean => ONE_PROPERTY.test(question);

const NEGATES =
  /\b(no|not|nor|none|neither|never|nothing|without|free|lacks?|absence|absent|any|if|would|could|kein(e|en|er|es)?|nicht|ohne|frei)\b|n['’]t\b|没|沒|无|無|未|不|なし|ない|ません|없/iu;
/** Compounds of the words of defects that name none. */
const NAMES_NONE = new RegExp(
  `(?<!\\p{L})\\p{L}{1,40}[ -]free\\b|fehlerfrei|\\b(${ANOMALY})\\w* (inspection|detection|check|test|criteria|standard)`,
  'giu',
);
/** An answer's "yes" or "no", where it stands for itself. */
const BARE = /^[\s\p{P}\p{S}]*(yes|no|nope|ja|nein)(?=\s*[\p{P}]|\s+(it|this|that|there|i|the|they|we)\b)/iu;

const DENIED_AFTER = /\b(is|are|was|were|ist|sind) (not|nicht)\b/i;

/** True where a sentence of the text says that there is a defect, and does not deny it. */
export function saysDefect(text: string): boolean {
  const sentences = text.replace(BARE, '').split(/[.:;!?。：；！？\n]+/);
  return sentences.some((sentence) => {
    const plain = sentence.replace(NAMES_NONE, ' ');
    const at = plain.search(NAMED);
    return at !== -1 && !NEGATES.test(plain.slice(0, at)) && !DENIED_AFTER.test(plain.slice(at));
  });
}

/** True for an answer from which "normal" cannot be concluded, whatever its first word says. */
export function isQualified(answer: string): boolean {
  const [first = ''] = answer.split(/[.;!?。；！？\n]+/);
  return RESTRICTS.test(answer) || HEDGED.test(answer) || isLimited(first) || saysDefect(answer);
}
