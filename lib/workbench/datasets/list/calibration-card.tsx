'use client';

import type { CalibrationReport, ThresholdMetrics } from '@/lib/datasets/contract';

const percent = (value: number | null) => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
const COLUMNS = ['Threshold', 'Accuracy', 'Balanced', 'Precision', 'Recall', 'F1', 'AUROC'] as const;

const cells = (metrics: ThresholdMetrics, auroc: number | null): string[] => [
  metrics.threshold.toFixed(3),
  ...[metrics.accuracy, metrics.balancedAccuracy, metrics.precision, metrics.recall, metrics.f1, auroc].map(percent),
];

/** What a calibration measured, before and after, on items that it was not fitted on. */
export function CalibrationCard({ report }: { report: CalibrationReport }) {
  const rows = [
    ['Before', cells(report.before, report.aurocBefore)],
    ['After', cells(report.after, report.auroc)],
  ] as const;
  return (
    <details className="border-b border-line px-3 py-1.5 text-xs">
      <summary className="cursor-pointer text-muted">
        Threshold {report.after.threshold.toFixed(3)}, fitted on {report.fittedOn} reviewed items, measured on{' '}
        {report.heldOut} others
      </summary>
      <table className="mt-1.5 tabular-nums">
        <thead className="text-muted">
          <tr>
            <td />
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className="px-2 text-right font-normal">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, values]) => (
            <tr key={name}>
              <th scope="row" className="pr-2 text-left font-normal text-muted">
                {name}
              </th>
              {values.map((value, index) => (
                <td key={COLUMNS[index]} className="px-2 text-right">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
