import { describeBasis } from '@/lib/contract/verdict';
import type { InspectionOut } from './contract';
import type { Inspected } from './results';

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

/** One paragraph for the tool's answer. */
export function summarise({
  image,
  verdict,
  probability,
  score,
  bucket,
  findings,
  basis,
  notice,
}: InspectionOut): string {
  const measured = `probability ${percent(probability)}, suspicion ${percent(score)}, ${bucket} suspicious`;
  const head = `${image}: ${verdict} (${measured}; judged from ${describeBasis(basis)}).`;
  const list = findings.map(
    ({ type, place, severity, extent_percent: extent, bbox }) =>
      `- ${type} at the ${place}, ${severity}, ${extent.toFixed(2)} % of the picture, box [${bbox.join(', ')}]`,
  );
  return [head, ...(notice === null ? [] : [notice]), ...(list.length > 0 ? list : ['Nothing is marked.'])].join('\n');
}

/** Text of a client in a table: no cell breaks out of its row. */
const cell = (text: string) => text.replace(/[|\r\n]/g, ' ');

/** The report of a result as Markdown. */
export function reportMarkdown({ inspection, at }: Inspected): string {
  const { image, width, height, verdict, probability, score, bucket, model, findings, mask_uri: mask } = inspection;
  const rows = findings.map(
    ({ type, place, severity, extent_percent: extent, area_px: area, bbox, score: own }) =>
      `| ${cell(type)} | ${cell(place)} | ${severity} | ${extent.toFixed(2)} % | ${area} | ${bbox.join(', ')} | ${own.toFixed(2)} |`,
  );
  return [
    `# Inspection of ${cell(image)}`,
    '',
    `- Verdict: **${verdict}** (probability ${percent(probability)}, suspicion ${percent(score)}, ${bucket} suspicious)`,
    `- Judged from ${describeBasis(inspection.basis)}`,
    ...(inspection.notice === null ? [] : [`- ${inspection.notice}`]),
    `- Picture: ${width} x ${height} px`,
    `- Model: ${model}`,
    `- Time: ${at.toISOString()}`,
    ...(mask === null ? [] : [`- Mask: ${mask}`]),
    '',
    '## Findings',
    '',
    ...(rows.length === 0
      ? ['Nothing is marked.']
      : [
          '| type | place | severity | extent | px | box (x, y, w, h) | score |',
          '|---|---|---|---|---|---|---|',
          ...rows,
        ]),
    '',
  ].join('\n');
}
