import type { CalibrationReport, ThresholdMetrics } from '../contract';

const share = (value: number | null) => (value === null ? '  -  ' : `${(100 * value).toFixed(1)} %`.padStart(7));

function row(name: string, metrics: ThresholdMetrics, auroc: number | null): string {
  const { threshold, accuracy, balancedAccuracy, precision, recall, f1 } = metrics;
  const shares = [accuracy, balancedAccuracy, precision, recall, f1, auroc].map(share).join('  ');
  return `${name.padEnd(7)} ${threshold.toFixed(3)}  ${shares}`;
}

/** A calibration as a small table. */
export function describeCalibration(report: CalibrationReport): string {
  return [
    `Threshold fitted on ${report.fittedOn} reviewed items, measured on ${report.heldOut} others (${report.mode}).`,
    '        thresh  accuracy balanced  precision recall   F1       AUROC',
    row('before', report.before, report.aurocBefore),
    row('after', report.after, report.auroc),
  ].join('\n');
}
