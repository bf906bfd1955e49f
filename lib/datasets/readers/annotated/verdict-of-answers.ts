import type { Exchange, Label } from '../../contract';
import { labelOfWord } from '../label-words';
import {
  ANOMALY,
  asksForKind,
  asksForProperty,
  CJK_ANOMALY,
  isLimited,
  isQualified,
  KIND,
  NO_OF_ANOTHER_KIND,
  saysDefect,
  UNDECIDED,
} from './answer-words';

/** Asks whether there is anything wrong at all, so that "no" means a normal image. */
const ASKS_ANOMALY = new RegExp(`\\b(${ANOMALY})|${CJK_ANOMALY}`, 'i');
/** Asks whether all is well, so that "yes" means a normal image. */
const ASKS_NORMAL =
  /\b(normal|ok(ay)?|good|intact|flawless|healthy|acceptable|undamaged|unblemished|perfect|in ordnung|einwandfrei|fehlerfrei|gut)\b|\bpass(es|ed)?\b|正常|合格|良品|정상|양품/i;
const FILLING = '(any |all |visible |obvious |apparent |significant |noticeable |clear )*';
const FREE_OF = new RegExp(
  `\\b(free (of|from)|without|no|lacks?) ${FILLING}\\w*\\s?(${ANOMALY})|(${ANOMALY})\\w*[ -]free|fehlerfrei|\\b(ohne|kein(e|en)?) (${ANOMALY})`,
  'i',
);
/** A negated question can be answered either way. "有没有" and "是不是" ask plainly. */
const NEGATED = /n['’]t\b|\bnot\b|\bnothing\b|\bnever\b|\bnicht\b|没有|不是/i;
const PLAINLY_ASKED = /有没有|有沒有|是不是|是否/g;
/** Spaces and marks before an answer's first word. */
const START = '^[\\s\\p{P}\\p{S}]*';
const YES = new RegExp(`${START}((yes|yeah|yep|true|correct|ja)(?!\\p{L})|是|有|对|對|はい|あり|예|네)`, 'iu');
const NO = new RegExp(
  `${START}((no|nope|none|false|incorrect|nein)(?!\\p{L})|否|没有|沒有|无|無|不(?=[\\s\\p{P}]|是|$)|いいえ|なし|아니)`,
  'iu',
);
/** Says of itself that nothing is wrong, whatever was asked. */
const SAYS_NOTHING_WRONG = new RegExp(
  `${START}(there (is|are) |i (see|find) |it has )?(no|without) ${FILLING}\\w*\\s?(${ANOMALY})|${START}(没有|沒有|无|無)(任何|明显|可见|发现)*(${CJK_ANOMALY})`,
  'iu',
);

/**
 * The sentence that asks: prompts often say before it what the part should look like ("a bottle, without any defect").
 */
function askingSentence(question: string): string {
  const sentences = question.split(/(?<=[?？.。!])\s*|\n+/).filter((sentence) => sentence.trim() !== '');
  return sentences.findLast((sentence) => /[?？]\s*$/.test(sentence)) ?? sentences.at(-1) ?? '';
}

/** The words that a letter as answer stands for, where the question lists them ("A. Yes B. No"). */
function chosenOption(question: string, answer: string): string {
  const letter = new RegExp(`${START}([A-F])[\\s\\p{P}]*$`, 'u').exec(answer)?.[1];
  const options = [...question.matchAll(/(?:^|[\s(])([A-F])[.):：、]\s*([^\n]*?)(?=\s+\(?[A-F][.):：、]|\n|$)/g)];
  const listed = options.filter(([, name]) => name === letter);
  return letter !== undefined && listed.length === 1 ? (listed[0]?.[2] ?? answer) : answer;
}

/**
 * What "yes" to a question means: that the image is anomalous, that it is normal, or (asked for both, or for neither)
 * nothing certain.
 */
function meaningOfYes(asked: string): 'anomalous' | 'normal' | undefined {
  const question = asked.replace(PLAINLY_ASKED, ' ');
  if (FREE_OF.test(question)) {
    return NEGATED.test(question) ? undefined : 'normal';
  }
  if (NEGATED.test(question)) {
    return undefined;
  }
  const [anomaly, normal] = [ASKS_ANOMALY.test(question), ASKS_NORMAL.test(question)];
  return anomaly === normal ? undefined : anomaly ? 'anomalous' : 'normal';
}

/**
 * What one answer says. "Normal" only where the question asked about the image as a whole and the answer takes nothing
 * out of itself.
 */
function labelOfExchange(asked: string, given: string): Label | undefined {
  const question = askingSentence(asked);
  const answer = chosenOption(asked, given);
  if (UNDECIDED.test(answer) || NO_OF_ANOTHER_KIND.test(answer)) {
    return undefined;
  }
  const word = labelOfWord(answer.replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, ''));
  if (word !== undefined) {
    return word === 'normal' && isLimited(question) ? undefined : word;
  }
  const normal = isLimited(question) || isQualified(answer) ? undefined : 'normal';
  const denied = SAYS_NOTHING_WRONG.exec(answer)?.[0];
  if (denied !== undefined) {
    return KIND.test(denied) ? undefined : normal;
  }
  const isYes = YES.test(answer);
  if (!isYes && !NO.test(answer)) {
    return undefined;
  }
  const meaning = meaningOfYes(question);
  if (meaning === undefined) {
    return isYes && KIND.test(question) && !NEGATED.test(question) ? 'anomalous' : undefined;
  }
  if (isYes === (meaning === 'anomalous')) {
    return 'anomalous';
  }
  const isPart = asksForKind(question) || (meaning === 'normal' && (asksForProperty(question) || HAS.test(answer)));
  return isPart ? undefined : normal;
}

/** "There is", which is no "yes" to whether all is well. */
const HAS = /^\W*有/;
/** Asks what may be rather than what is seen. */
const SUPPOSES = /\b(what (is|are) an?|could|would|can|might|may|should|if|how|why|example|typical|usually)\b/i;

/** True where one of the answers is a yes or a no. */
export function answersYesOrNo(exchanges: readonly Pick<Exchange, 'answer'>[]): boolean {
  return exchanges.some(({ answer }) => YES.test(answer) || NO.test(answer) || UNDECIDED.test(answer));
}

/**
 * The label that yes-or-no answers give an image. Undefined where none is decisive or two disagree, and where all are
 * well but another answer names a defect.
 */
export function labelOfExchanges(exchanges: readonly Pick<Exchange, 'question' | 'answer'>[]): Label | undefined {
  const stated = exchanges.map((exchange) => ({
    ...exchange,
    label: labelOfExchange(exchange.question, exchange.answer),
  }));
  const labels = new Set(stated.flatMap(({ label }) => label ?? []));
  const [label] = labels;
  const isNamed = stated.some(
    (each) => each.label === undefined && !SUPPOSES.test(each.question) && saysDefect(each.answer),
  );
  return labels.size !== 1 || (label === 'normal' && isNamed) ? undefined : label;
}
