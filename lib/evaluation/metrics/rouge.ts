/** ROUGE-L of one pair; all in 0..1. */
export type RougeL = { precision: number; recall: number; f1: number };

/**
 * ROUGE-L (Lin 2004): overlap of a candidate with a reference by their longest common subsequence of words. Words are
 * runs of a-z and 0-9 after lower-casing, not stemmed, as in the `rouge-score` package, so that figures compare.
 */
export function rougeL(candidate: string, reference: string): RougeL {
  const said = words(candidate);
  const wanted = words(reference);
  const common = longestCommonSubsequence(said, wanted);
  if (common === 0) {
    return { precision: 0, recall: 0, f1: 0 };
  }
  const precision = common / said.length;
  const recall = common / wanted.length;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  for (const word of a) {
    const row = new Uint32Array(b.length + 1);
    for (let column = 1; column <= b.length; column += 1) {
      row[column] =
        b[column - 1] === word
          ? (above[column - 1] as number) + 1
          : Math.max(above[column] as number, row[column - 1] as number);
    }
    above = row;
  }
  return above[b.length] as number;
}
