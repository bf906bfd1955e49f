import type { Judgement } from '@/lib/contract/verdict';
import type { NoticePart } from '@/lib/contract';
import type { MaskMeasure } from '@/lib/segmentation/describe';
import { checkStatements } from '@/lib/segmentation/statements';
import { isReassurance } from '@/lib/turn/reassurance';
import { type SaidVerdict, parseVerdict } from '@/lib/turn/said-verdict';

export type Said = {
  text: string;
  /** The verdict where the answer has it as a field; undefined: it is read from the text. */
  verdict?: SaidVerdict | undefined;
};

type Facts = {
  /** Who wrote. */
  label: string;
  imageId: string;
  judgement: Judgement;
  /** Whether the answer was due a verdict. */
  isFirstLook: boolean;
  /** The masks that are shown with the answer. */
  measures: readonly MaskMeasure[];
};

const told = ({ probability }: Judgement) => probability.toFixed(2);

/** A verdict against the expert's, or reassurance where nothing can be told. */
function verdictTrouble({ text, verdict }: Said, { label, judgement, isFirstLook }: Facts): string | null {
  if (judgement.verdict === 'unsure') {
    const sentence = text.split(/(?<=[.!?])\s+|\n+/).find(isReassurance);
    return sentence === undefined
      ? null
      : `${label} lets the part pass, but the expert cannot tell (${told(judgement)}): do not rely on it without a comparison or a person's look.`;
  }
  const said = isFirstLook ? (verdict ?? parseVerdict(text)) : null;
  if (said === 'no' && judgement.verdict === 'anomalous') {
    return `${label} sees nothing wrong, the expert finds the picture anomalous (${told(judgement)}): its marks are shown as well. Have a look yourself.`;
  }
  if (said === 'yes' && judgement.verdict === 'normal') {
    return `${label} sees something wrong, the expert finds the picture normal (${told(judgement)}). Have a look yourself.`;
  }
  return null;
}

/** Places and numbers that fit none of the masks shown. */
function statementTrouble({ text }: Said, { label, measures }: Facts): string | null {
  const [first] = measures;
  if (first === undefined || first.regions.length === 0) {
    return null;
  }
  const all = measures.map((measure) => checkStatements(text, measure));
  const wrong = (all[0] ?? [])
    .filter((statement, index) => !all.some((list) => list[index]?.agrees === true) && statement.text !== '')
    .map((statement) => `"${statement.text}"`);
  if (wrong.length === 0) {
    return null;
  }
  const places = [...new Set(measures.flatMap(({ regions }) => regions.map(({ place }) => place)))];
  const count = measures.reduce((sum, { regions }) => sum + regions.length, 0);
  return (
    `${label} says ${[...new Set(wrong)].slice(0, 3).join(', ')}; measured ${count === 1 ? 'is 1 region' : `are ${count} regions`} ` +
    `(${places.slice(0, 4).join(', ')}), the largest ${first.regions[0]?.extent ?? first.totalExtent} % of the picture.`
  );
}

/**
 * Compares an answer with what was measured. A model elsewhere cannot be kept from contradicting it, so what
 * contradicts is told beside the answer: both stand, and people decide.
 */
export function disagreements(said: Said, facts: Facts): NoticePart[] {
  return [verdictTrouble(said, facts), statementTrouble(said, facts)].flatMap((problem): NoticePart[] =>
    problem === null
      ? []
      : [
          {
            kind: 'disagreement',
            imageId: facts.imageId,
            text: problem,
            action: facts.judgement.basis.kind === 'zero-shot' ? 'attach-reference' : null,
          },
        ],
  );
}
