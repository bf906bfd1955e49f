import type { AnswerCase } from './cases';
import type { JudgedAnswer } from './judge';
import type { Paper } from './paper-cases';

/**
 * A table as its paper prints it. Values are 0..1, those of `GPT-Score` 1..10; null where nothing was asked, or nobody
 * could tell: `notes` say why.
 */
export type PaperTable = {
  title: string;
  columns: string[];
  rows: { name: string; values: (number | null)[] }[];
  notes: string[];
};

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
      saysYes: /[Yy]es/.test(answer.answer),
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
  return {
    title: 'VisA-D&R, anomaly detection',
    columns,
    rows: withMean(rows, columns, 'mean over objects'),
    notes: [],
  };
}

const JUDGED = 'GPT-Score';

/**
 * VisA-D&R, reasoning, by the place of the question in its conversation. Sentence similarity needs a model of its own,
 * GPT-Score a judge.
 */
function reasoningTable(pairs: readonly Pair[]): PaperTable {
  const columns = ['ROUGE-L', 'SBERT', JUDGED];
  const values = (group: readonly Pair[]) => [
    mean(group.map(({ answer }) => answer.rougeL ?? null)),
    null,
    mean(group.map(({ answer }) => answer.score ?? null)),
  ];
  const rows = byGroup(pairs).map(([name, group]) => ({ name, values: values(group) }));
  const notes = ['SBERT is not computed here: tests/crosscheck/sentence_similarity.py reads what --out writes.'];
  if (pairs.every(({ entry }) => entry.reference === undefined)) {
    notes.push('The file has no answers to compare with.');
  } else if (pairs.every(({ answer }) => answer.score === undefined)) {
    notes.push(`${JUDGED} is not computed: --judge names the engine that judges.`);
  } else {
    const unscored = pairs.filter(({ entry, answer }) => entry.reference !== undefined && answer.score === undefined);
    notes.push(
      `${JUDGED} (1 to 10) is the judging engine's, by our prompt and not the paper's` +
        (unscored.length === 0 ? '.' : `; it gave none for ${unscored.length} answers.`),
    );
  }
  return { title: 'VisA-D&R, reasoning', columns, rows: [...rows, { name: 'all', values: values(pairs) }], notes };
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
  return { title: 'MMAD, accuracy', columns, rows: withMean(rows, columns, 'Average'), notes: [] };
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

/** A paper's table as Markdown, in percent; scores on their own scale. */
export function writePaperTable({ title, columns, rows, notes }: PaperTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const show = (value: number | null, column: number) =>
    value === null ? '–' : columns[column] === JUDGED ? value.toFixed(2) : (100 * value).toFixed(1);
  return [
    `## ${title}`,
    '',
    line(['', ...columns]),
    line(['', ...columns].map(() => '---')),
    ...rows.map(({ name, values }) => line([name, ...values.map(show)])),
    '',
    ...notes.flatMap((note) => [note, '']),
  ].join('\n');
}
