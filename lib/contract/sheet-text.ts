import { describeBasis } from './verdict';
import type { SheetItem } from './sheet-part';

const RANK = { anomalous: 0, unsure: 1, normal: 2 } as const;

/** Those that stand out first: by verdict, then by probability, then by score; equals stay in their order. */
export function sortItems<Item extends Pick<SheetItem, 'verdict' | 'probability' | 'score'>>(
  items: readonly Item[],
): Item[] {
  return [...items].sort(
    (a, b) => RANK[a.verdict] - RANK[b.verdict] || b.probability - a.probability || b.score - a.score,
  );
}

const images = (count: number) => (count === 1 ? '1 image' : `${count} images`);
const verb = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

type Judged = Pick<SheetItem, 'verdict' | 'basis'>;

function countOf(items: readonly Judged[]) {
  const count = (verdict: SheetItem['verdict']) => items.filter((item) => item.verdict === verdict).length;
  return { anomalous: count('anomalous'), unsure: count('unsure') };
}

const unsureOf = (unsure: number) => (unsure === 0 ? '' : `; ${verb(unsure, 'is', 'are')} unsure`);

/** What the verdicts of a sheet come to, in plain sentences: the product's words, not the model's. */
export function describeSheet({ items, failed }: { items: readonly Judged[]; failed: readonly unknown[] }): string {
  const set = items.filter(({ basis }) => basis.kind === 'set');
  const alone = items.filter(({ basis }) => basis.kind === 'zero-shot');
  const compared = items.filter(({ basis }) => basis.kind === 'references' || basis.kind === 'part');
  const sentences: string[] = [];
  if (set.length > 0) {
    const { anomalous, unsure } = countOf(set);
    sentences.push(
      `${anomalous === 0 ? 'None' : anomalous} of ${images(set.length)} ${anomalous === 1 ? 'stands' : 'stand'} out${unsureOf(unsure)}. They were judged among each other, without references.`,
    );
  }
  const [first] = compared;
  if (first !== undefined) {
    const { anomalous, unsure } = countOf(compared);
    sentences.push(
      `${anomalous === 0 ? 'None' : anomalous} of ${images(compared.length)} ${anomalous === 1 ? 'is' : 'are'} anomalous${unsureOf(unsure)}. Each was compared with ${describeBasis(first.basis)}.`,
    );
  }
  if (alone.length > 0) {
    const { anomalous, unsure } = countOf(alone);
    const found = `${anomalous === 0 ? 'none' : anomalous} ${anomalous === 1 ? 'is' : 'are'} anomalous${unsureOf(unsure)}`;
    sentences.push(
      set.length > 0
        ? `${verb(alone.length, 'shows', 'show')} something else and ${alone.length === 1 ? 'was' : 'were'} judged alone: ${found}.`
        : `These ${images(alone.length)} do not show things of one kind, so they were not judged among each other. Each was judged alone: ${found}.`,
    );
  }
  if (failed.length > 0) {
    sentences.push(`${images(failed.length)} could not be judged.`);
  }
  return sentences.join(' ');
}

/** An item in words, for those who hear the sheet. */
export function describeItem({ verdict, probability, type, basis }: SheetItem, name: string): string {
  const found = type === null ? '' : `, ${type}`;
  return `${name}: ${verdict}, ${probability.toFixed(2)}${found}, from ${describeBasis(basis)}`;
}
