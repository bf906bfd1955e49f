import { labelOfWord } from '../label-words';
import { toNumber } from '../numbers';
import { type Columns, isYes, type NamedColumn } from './table-columns';

type Verdict = 'normal' | 'anomalous';
/** A column of 0 and 1 beside columns that say it in words, with what 1 says. */
export type NumberColumn = NamedColumn & { one: Verdict };

/** Names of columns whose numbers are classes; those of a quality or a grade may count anything. */
const CODES =
  /^(labels?|label ?name|class|classes|class ?name|target|result|verdict|annotation|标签|类别|结果|判定|ラベル|klasse|ergebnis|befund)$/i;

const digitOf = (cell: string | undefined): 0 | 1 | undefined => {
  const number = toNumber(cell);
  return number === 0 || number === 1 ? number : undefined;
};

/** What a row says in words and by columns of yes or no; undefined when that is nothing, or both. */
function saidOf(cells: readonly string[], { verdicts, classes }: Columns): Verdict | undefined {
  const yes = verdicts.flatMap(({ column, yes: meaning }): Verdict[] => {
    const cell = (cells[column] ?? '').trim();
    const said = isYes(cell);
    const word = labelOfWord(cell);
    const other = meaning === 'normal' ? 'anomalous' : 'normal';
    return word !== undefined ? [word] : said === undefined ? [] : [said ? meaning : other];
  });
  const word = classes === undefined ? undefined : labelOfWord(cells[classes.column] ?? '');
  const said = new Set([...yes, ...(word === undefined ? [] : [word])]);
  return said.size === 1 ? [...said][0] : undefined;
}

/**
 * The columns of a table's classes that hold 0 and 1 alone, where others say in words what is normal. 1 is anomalous,
 * as sets and trainers write it, unless the table shows the reverse: rows that are normal with 1 and anomalous with 0,
 * and fewer rows that contradict it. A single damaged row so changes no other.
 */
export function numberColumns(columns: Columns, rows: readonly (readonly string[])[]): NumberColumn[] {
  const { classes, others } = columns;
  const candidates = [...(classes === undefined ? [] : [classes]), ...others].filter(({ name }) =>
    CODES.test(name.trim().replace(/[_-]/g, ' ')),
  );
  const verdicts = candidates.length > 0 ? rows.map((cells) => saidOf(cells, columns)) : [];
  return candidates.flatMap((candidate) => {
    const count = { normal: [0, 0], anomalous: [0, 0] } as Record<Verdict, [number, number]>;
    for (const [index, cells] of rows.entries()) {
      const cell = (cells[candidate.column] ?? '').trim();
      const digit = digitOf(cell);
      if (digit === undefined && cell !== '') {
        return [];
      }
      const said = verdicts[index];
      if (digit !== undefined && said !== undefined) {
        count[said][digit] += 1;
      }
    }
    const { normal, anomalous } = count;
    const isReverse = normal[1] > 0 && anomalous[0] > 0 && normal[0] + anomalous[1] < normal[1] + anomalous[0];
    return [{ ...candidate, one: isReverse ? 'normal' : 'anomalous' }];
  });
}

/** The columns whose number says the opposite of the row's label. */
export function numbersAgainst(cells: readonly string[], label: Verdict, columns: readonly NumberColumn[]): string[] {
  return columns.flatMap(({ column, name, one }) => {
    const digit = digitOf(cells[column]);
    const isSame = digit === undefined || (digit === 1) === (one === label);
    return isSame ? [] : [`${digit} in the column ${name}`];
  });
}
