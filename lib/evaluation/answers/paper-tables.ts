import type { AnswerCase } from './cases';
import type { JudgedAnswer } from './judge';
import type { Paper } from './paper-cases';

/** A table as its paper prints it. Values are 0..1; null where nothing was asked. */
export type PaperTable = { title: string; columns: string[]; rows: { name: string; values: (number | null)[] }[] };

type Pair = { entry: AnswerCase; answer: JudgedAnswer };

const mean = (values: readonly (number | null)[]): number | null => {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
};
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function byGroup(pairs: readonly Pair[]): [string, Pair[]][] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const name = pair.entry.group ?? '';
    const group = groups.get(name) ?? [];
    group.push(pair);
    groups.set(name, group);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Rows of groups, and the mean of each column over them, under the name of the paper. */
function withMean(rows: PaperTable['rows'], columns: readonly string[], name: string): PaperTable['rows'] {
  return [
    ...rows,
    { name, values: columns.map((_, column) => mean(rows.map(({ values }) => values[column] ?? null))) },
  ];
}

/** VisA-D&R, detection: an answer with "yes" in it says yes, any other says no; the mean over objects. */
function detectionTable(pairs: readonly Pair[]): PaperTable {
  const columns = ['Accuracy', 'Precision', 'Recall', 'F1-score'];
  const rows = byGroup(pairs).map(([name, group]) => {
    const told = group.map(({ entry, answer }) => ({
      isAnomalous: entry.label === 1,
      saysYes: /yes/i.test(answer.answer),
    }));
    const right = told.filter(({ isAnomalous, saysYes }) => isAnomalous === saysYes).length;
    const hits = told.filter(({ isAnomalous, saysYes }) => isAnomalous && saysYes).length;
    const [yes, anomalous] = [
      told.filter((each) => each.saysYes).length,
      told.filter((each) => each.isAnomalous).length,
    ];
    const values = [
      share(right, told.length),
      share(hits, yes),
      share(hits, anomalous),
      share(2 * hits, yes + anomalous),
    ];
    return { name, values };
  });
  return { title: 'VisA-D&R, anomaly detection', columns, rows: withMean(rows, columns, 'mean over objects') };
}

/** VisA-D&R, reasoning: ROUGE-L by the place of the question in its conversation. Its other columns need models of their own. */
function reasoningTable(pairs: readonly Pair[]): PaperTable {
  const columns = ['ROUGE-L'];
  const rows = byGroup(pairs).map(([name, group]) => ({
    name,
    values: [mean(group.map(({ answer }) => answer.rougeL ?? null))],
  }));
  const all = { name: 'all', values: [mean(pairs.map(({ answer }) => answer.rougeL ?? null))] };
  return { title: 'VisA-D&R, reasoning', columns, rows: [...rows, all] };
}

/** MMAD's subtasks in the order of its table; two kinds of questions about objects are one there. */
const SUBTASKS = [
  'Anomaly Detection',
  'Defect Classification',
  'Defect Localization',
  'Defect Description',
  'Defect Analysis',
  'Object Classification',
  'Object Analysis',
];
const subtaskOf = (type: string) => (/^Object (?:Structure|Details)$/.test(type) ? 'Object Analysis' : type);

const accuracy = (pairs: readonly Pair[]): number | null =>
  pairs.length === 0
    ? null
    : share(pairs.filter(({ entry, answer }) => answer.choice === entry.choice?.answer).length, pairs.length);

/** MMAD: accuracy by source data set and subtask; of detection the mean of that on normal and on anomalous images. */
function mmadTable(pairs: readonly Pair[]): PaperTable {
  const asked = new Set(pairs.map(({ entry }) => subtaskOf(entry.choice?.type ?? '')));
  const subtasks = [...SUBTASKS, ...[...asked].filter((name) => !SUBTASKS.includes(name)).sort()];
  const rows = byGroup(pairs).map(([name, group]) => {
    const values = subtasks.map((subtask) => {
      const own = group.filter(({ entry }) => subtaskOf(entry.choice?.type ?? '') === subtask);
      if (subtask !== 'Anomaly Detection') {
        return accuracy(own);
      }
      const isNormal = ({ entry }: Pair) => entry.id.includes('good');
      return mean([accuracy(own.filter(isNormal)), accuracy(own.filter((pair) => !isNormal(pair)))]);
    });
    return { name, values: [...values, mean(values)] };
  });
  const columns = [...subtasks, 'Average'];
  return { title: 'MMAD, accuracy', columns, rows: withMean(rows, columns, 'Average') };
}

const TABLES = { 'visa-dr-detection': detectionTable, 'visa-dr-reasoning': reasoningTable, mmad: mmadTable };

/**
 * The table that the paper of a benchmark has of these answers.
 *
 * @param judged as many as `cases`, in their order
 */
export function paperTable(paper: Paper, cases: readonly AnswerCase[], judged: readonly JudgedAnswer[]): PaperTable {
  return TABLES[paper](cases.map((entry, index) => ({ entry, answer: judged[index] as JudgedAnswer })));
}

/** A paper's table as Markdown, in percent. */
export function writePaperTable({ title, columns, rows }: PaperTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const percent = (value: number | null) => (value === null ? '–' : (100 * value).toFixed(1));
  return [
    `## ${title}`,
    '',
    line(['', ...columns]),
    line(['', ...columns].map(() => '---')),
    ...rows.map(({ name, values }) => line([name, ...values.map(percent)])),
    '',
  ].join('\n');
}
