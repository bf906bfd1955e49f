/**
 * The verdict on an image as every surface has it, and how it is worded. No dependencies: the page words verdicts too.
 */

/** What the model says of an image; `unsure`: it cannot tell from what it was given (docs/decisions/verdicts.md). */
export type Verdict = 'anomalous' | 'normal' | 'unsure';

/**
 * What a verdict rests on: the image alone (`count` 0), normal references, a part that was taught, or the set that the
 * image belongs to; `count` images were compared with.
 */
export type Basis = { kind: 'zero-shot' | 'references' | 'part' | 'set'; count: number };

/** The verdict on an image: one contract on every surface. */
export type Judgement = {
  verdict: Verdict;
  /** That the image is anomalous, 0..1. */
  probability: number;
  /** How unlike anything the model was trained on the image is, 0..1; null where the bundle does not measure it. */
  foreignness: number | null;
  basis: Basis;
};

/** Which way an image leans, unsure or not. */
export function leansAnomalous({ verdict, probability }: Pick<Judgement, 'verdict' | 'probability'>): boolean {
  return verdict === 'unsure' ? probability >= 0.5 : verdict === 'anomalous';
}

const plural = (count: number, one: string) => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** "4 normal references", as the basis of a verdict is told to people. */
export function describeBasis({ kind, count }: Basis): string {
  switch (kind) {
    case 'zero-shot':
      return 'this picture alone';
    case 'references':
      return plural(count, 'normal reference');
    case 'part':
      return `the taught part (${plural(count, 'image')})`;
    case 'set':
      return `its set (${plural(count, 'image')})`;
  }
}

/** What the product says beside an answer about an image that it cannot judge, and what would help. */
export function unsureText({ probability, basis }: Pick<Judgement, 'probability' | 'basis'>): string {
  const head = `Unsure (${probability.toFixed(2)}): I cannot tell from ${describeBasis(basis)}.`;
  return basis.kind === 'zero-shot'
    ? `${head} Give me one good part to compare with.`
    : `${head} Give me more good parts to compare with, or have a person look.`;
}

/** `0.62, unsure`: a verdict in short, for badges, lists and logs. */
export function shortVerdict({ verdict, probability }: Pick<Judgement, 'verdict' | 'probability'>): string {
  return `${probability.toFixed(2)}, ${verdict}`;
}
