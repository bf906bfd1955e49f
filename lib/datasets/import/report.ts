import { csvCell } from '@/lib/datasets/export/csv-cell';
import { type DatasetCounts, groupProblems, problemKind } from '../contract';
import type { ImportProblem } from './types';

/** All problems of an import as a CSV file: effect, code, place (file and line), message. */
export function problemsCsv(problems: readonly ImportProblem[]): string {
  const rows = problems.map(({ code, place, message }) => [problemKind(code).effect, code, place, message]);
  return [['effect', 'code', 'place', 'message'], ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Lines that show at a glance what an import read, what has no label, what was left out, and why. */
export function describeImport(
  counts: Pick<DatasetCounts, 'items' | 'normal' | 'anomalous' | 'unlabelled' | 'masks'>,
  problems: readonly ImportProblem[],
): string[] {
  const codes: Record<string, number> = {};
  const first = new Map<string, ImportProblem>();
  for (const problem of problems) {
    codes[problem.code] = (codes[problem.code] ?? 0) + 1;
    if (!first.has(problem.code)) {
      first.set(problem.code, problem);
    }
  }
  const groups = groupProblems(codes);
  const leftOut = groups.reduce((sum, { effect, count }) => sum + (effect === 'left_out' ? count : 0), 0);
  const lines = [
    `  read        ${counts.items} images: ${counts.normal} normal, ${counts.anomalous} anomalous (${counts.masks} with a mask)`,
    `  UNLABELLED  ${counts.unlabelled}${counts.unlabelled > 0 ? '  neither normal nor anomalous until somebody labels them' : ''}`,
    `  LEFT OUT    ${leftOut}`,
  ];
  if (groups.length > 0) {
    lines.push('  why:');
  }
  for (const { code, count, title } of groups) {
    const example = first.get(code);
    lines.push(`  ${String(count).padStart(7)} x ${title}`);
    if (example !== undefined) {
      lines.push(`              ${example.place}: ${example.message}`.slice(0, 400));
    }
  }
  return lines;
}
