import type { Exchange, Label } from '../../contract';

const ANOMALY = 'anomal|defect|abnormal|flaw|fault|damag|irregular|imperfect|problem|wrong|issue|blemish|broken|error';
/** Asks whether there is anything wrong at all, so that "no" means a normal image. */
const ASKS_ANOMALY = new RegExp(`\\b(${ANOMALY})|异常|缺陷|瑕疵|不良`, 'i');
/** Asks whether all is well, so that "yes" means a normal image. */
const ASKS_NORMAL =
  /\b(normal|ok(ay)?|good|intact|flawless|healthy|acceptable|undamaged|unblemished|perfect)\b|\bpass(es|ed)?\b|正常|合格|良品/i;
const FREE_OF = new RegExp(
  `\\b(free (of|from)|without|no|lacks?) (any |all |visible |obvious )*\\w*\\s?(${ANOMALY})|(${ANOMALY})\\w*[ -]free`,
  'i',
);
/** A negated question can be answered either way. */
const NEGATED = /n['’]t\b|\bnot\b|\bnothing\b|\bnever\b|没有|不是/i;
const YES = /^\W*(yes|yeah|yep|true|correct|是|有)(?![a-z])/i;
const NO = /^\W*(no|nope|false|incorrect|否|没有|无)(?![a-z])/i;

/** The sentence that asks: prompts often say before it what the part should look like ("a bottle, without any defect"). */
function askingSentence(question: string): string {
  const sentences = question.split(/(?<=[?？.。!])\s*|\n+/).filter((sentence) => sentence.trim() !== '');
  return sentences.findLast((sentence) => /[?？]\s*$/.test(sentence)) ?? sentences.at(-1) ?? '';
}

/** What "yes" to a question means: that the image is anomalous, that it is normal, or (asked for both, or for neither) nothing certain. */
function meaningOfYes(question: string): 'anomalous' | 'normal' | undefined {
  if (FREE_OF.test(question)) {
    return NEGATED.test(question) ? undefined : 'normal';
  }
  if (NEGATED.test(question)) {
    return undefined;
  }
  const [anomaly, normal] = [ASKS_ANOMALY.test(question), ASKS_NORMAL.test(question)];
  return anomaly === normal ? undefined : anomaly ? 'anomalous' : 'normal';
}

/** Asks for one kind of thing: "yes" finds it, "no" leaves open whether there is another. */
const ASKS_KIND =
  /\b(scratch|dent|crack|hole|stain|contaminat|scuff|chip|bent|bend|cut|missing|rust|corro|spot|tear|tumou?r|h(a?)emorrhage)/i;

/**
 * The label that yes-or-no answers give an image. Undefined where none is decisive or two disagree.
 */
export function labelOfExchanges(exchanges: readonly Pick<Exchange, 'question' | 'answer'>[]): Label | undefined {
  const labels = new Set<Label>();
  for (const { question: asked, answer } of exchanges) {
    const question = askingSentence(asked);
    const isYes = YES.test(answer);
    if (!isYes && !NO.test(answer)) {
      continue;
    }
    const meaning = meaningOfYes(question);
    if (meaning !== undefined) {
      labels.add(isYes ? meaning : meaning === 'anomalous' ? 'normal' : 'anomalous');
    } else if (isYes && ASKS_KIND.test(question) && !NEGATED.test(question)) {
      labels.add('anomalous');
    }
  }
  const [label] = labels;
  return labels.size === 1 ? label : undefined;
}
