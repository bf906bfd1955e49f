/** A multiple-choice question in MMAD's form. */
export type ChoiceQuestion = {
  /** MMAD's subtask, such as "Anomaly Detection" or "Defect Localization". */
  type: string;
  question: string;
  /** Option letter -> text. */
  options: Readonly<Record<string, string>>;
  /** The right option's letter. */
  answer: string;
};

/** Accuracy per question type (0..1) and MMAD's average, the mean over types. */
export type ChoiceMetrics = { perType: Record<string, { accuracy: number; questions: number }>; mean: number };

/** The question as it is put to the model: the text, one option a line, and what form the answer should have. */
export function choicePrompt(question: ChoiceQuestion): string {
  const options = Object.entries(question.options).map(([letter, text]) => `${letter}. ${text}`);
  return [question.question, ...options, 'Answer with the letter of the right option.'].join('\n');
}

/**
 * The option an answer names: a leading letter ("B", "(B)", "B. Scratch"), "answer is B", else the only option whose
 * text it repeats.
 *
 * @returns the letter, or null if the answer names none or several
 */
export function parseChoice(answer: string, options: Readonly<Record<string, string>>): string | null {
  const letters = Object.keys(options);
  const named =
    /^[\s*_("'[]*([A-Z])(?![A-Za-z'’])/.exec(answer)?.[1] ??
    /\b(?:answer|option|choice)\b(?:\s+is)?\s*:?\s*[*("']*([A-Z])(?![A-Za-z])/i.exec(answer)?.[1]?.toUpperCase();
  // "A scratch runs across ..." starts with an article, not with an option.
  const isArticle = named === 'A' && /^\s*A\s+[a-z]/.test(answer);
  if (named !== undefined && !isArticle && letters.includes(named)) {
    return named;
  }
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  const said = ` ${plain(answer)} `;
  const repeated = letters.filter((letter) => {
    const text = plain(options[letter] ?? '');
    return text !== '' && said.includes(` ${text} `);
  });
  return repeated.length === 1 ? (repeated[0] as string) : null;
}

/** Scores parsed choices; an unparsed one (null) is wrong. */
export function choiceMetrics(questions: readonly ChoiceQuestion[], chosen: readonly (string | null)[]): ChoiceMetrics {
  if (questions.length !== chosen.length) {
    throw new RangeError(`There are ${questions.length} questions but ${chosen.length} answers.`);
  }
  const tallies = new Map<string, { right: number; questions: number }>();
  questions.forEach((question, index) => {
    const tally = tallies.get(question.type) ?? { right: 0, questions: 0 };
    tally.questions += 1;
    tally.right += chosen[index] === question.answer ? 1 : 0;
    tallies.set(question.type, tally);
  });
  const perType = Object.fromEntries(
    [...tallies].map(([type, tally]) => [
      type,
      { accuracy: tally.right / tally.questions, questions: tally.questions },
    ]),
  );
  const accuracies = Object.values(perType).map((entry) => entry.accuracy);
  return { perType, mean: accuracies.reduce((sum, value) => sum + value, 0) / Math.max(1, accuracies.length) };
}
