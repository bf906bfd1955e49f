import { measureMask } from '@/lib/segmentation/describe';
import { type Mask } from '@/lib/segmentation/mask';
import { checkStatements } from '@/lib/segmentation/statements';
import { type ChoiceMetrics, choiceMetrics, type ChoiceQuestion, parseChoice } from '../metrics/choices';
import { rougeL } from '../metrics/rouge';
import { parseVerdict, type Verdict, type VerdictMetrics, verdictMetrics } from '../metrics/verdicts';
import { type AnswerCase } from './cases';

/**
 * An answer and the mask it pointed at, if it did; `isUnsure`: the product said beside it that the image cannot be
 * judged.
 */
export type GivenAnswer = { text: string; mask: Mask | undefined; isUnsure?: boolean };

/**
 * One judged answer. `rougeL` and `choice` only where the case asks for it, `score` (1 to 10) only where an engine was
 * asked.
 */
export type JudgedAnswer = {
  id: string;
  question: string;
  answer: string;
  verdict: Verdict;
  rougeL?: number;
  choice?: string | null;
  score?: number;
  /** Statements about place, extent, size and number, and how many agree with the returned mask. */
  statements: { made: number; agree: number };
  /** A positive verdict comes with a mask, a negative one without. */
  maskFitsVerdict: boolean;
};

/** Reasoning metrics in the style of VisA-D&R and MMAD; null where no case asks for one. All shares in 0..1. */
export type AnswerMetrics = {
  verdicts: VerdictMetrics | null;
  /** Mean F1 of ROUGE-L against the reference answers. */
  rougeL: number | null;
  /** Mean score of a judging engine, 1 to 10; null where none was asked. */
  judgeScore: number | null;
  /** Share of all statements that agree with the mask. */
  statementAgreement: number | null;
  /** Share of answers with a verdict whose mask fits it. */
  maskFitsVerdict: number | null;
  choices: ChoiceMetrics | null;
};

/** Judges one answer. */
export function judgeAnswer(
  { id, question, reference, choice }: AnswerCase,
  { text, mask, isUnsure = false }: GivenAnswer,
): JudgedAnswer {
  const statements = mask ? checkStatements(text, measureMask(mask)) : [];
  const verdict = isUnsure ? 'unsure' : parseVerdict(text);
  return {
    id,
    question,
    answer: text,
    verdict,
    ...(reference === undefined ? {} : { rougeL: rougeL(text, reference).f1 }),
    ...(choice === undefined ? {} : { choice: parseChoice(text, choice.options) }),
    statements: { made: statements.length, agree: statements.filter(({ agrees }) => agrees).length },
    maskFitsVerdict: (verdict === 'yes') === (mask !== undefined),
  };
}

/**
 * The metrics over all cases.
 *
 * @param judged as many as `cases`, in their order
 */
export function answerMetrics(cases: readonly AnswerCase[], judged: readonly JudgedAnswer[]): AnswerMetrics {
  const pairs = cases.map((entry, index) => ({ entry, answer: judged[index] as JudgedAnswer }));
  const labelled = pairs.filter(({ entry }) => entry.label !== undefined);
  const rouges = judged.flatMap((answer) => (answer.rougeL === undefined ? [] : [answer.rougeL]));
  const scores = judged.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const made = judged.reduce((sum, { statements }) => sum + statements.made, 0);
  const agree = judged.reduce((sum, { statements }) => sum + statements.agree, 0);
  const decided = judged.filter(({ verdict }) => verdict === 'yes' || verdict === 'no');
  const questions: ChoiceQuestion[] = [];
  const chosen: (string | null)[] = [];
  for (const { entry, answer } of pairs) {
    if (entry.choice) {
      questions.push(entry.choice);
      chosen.push(answer.choice ?? null);
    }
  }
  return {
    verdicts:
      labelled.length === 0
        ? null
        : verdictMetrics(
            labelled.map(({ answer }) => answer.verdict),
            labelled.map(({ entry }) => entry.label === 1),
          ),
    rougeL: rouges.length === 0 ? null : rouges.reduce((sum, value) => sum + value, 0) / rouges.length,
    judgeScore: scores.length === 0 ? null : scores.reduce((sum, value) => sum + value, 0) / scores.length,
    statementAgreement: made === 0 ? null : agree / made,
    maskFitsVerdict:
      decided.length === 0 ? null : decided.filter(({ maskFitsVerdict }) => maskFitsVerdict).length / decided.length,
    choices: questions.length === 0 ? null : choiceMetrics(questions, chosen),
  };
}
