import type { Finding, InspectionPart } from '@/lib/contract';

/** `3.2 %`, `0.4 %`, `17 %`: two significant digits, as in the answers. */
export function formatExtent(percent: number): string {
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

/** The name of a finding for people: a type that the model could not name is an anomaly. */
export function findingName(type: string): string {
  return type === 'unknown' ? 'anomaly' : type;
}

/** The mask in words, for those who cannot see it. */
export function describeMask(
  image: {
    name: string;
    width: number;
    height: number;
    inspection: Pick<InspectionPart, 'bucket' | 'score' | 'verdict' | 'probability'> | null;
  },
  problems: readonly Pick<Finding, 'type' | 'place' | 'extentPercent' | 'severity'>[],
): string {
  const { inspection } = image;
  if (!inspection) {
    return `${image.name}, ${image.width} by ${image.height} pixels, not inspected yet.`;
  }
  const { bucket, score, verdict, probability } = inspection;
  const doubt = verdict === 'unsure' ? ` Unsure, probability ${probability.toFixed(2)}: it cannot be told.` : '';
  const head = `${image.name}: ${bucket} suspicious, score ${score.toFixed(2)}.${doubt}`;
  if (problems.length === 0) {
    return `${head} No region is marked.`;
  }
  const regions = problems
    .map(
      (problem, index) =>
        `${index + 1}: ${findingName(problem.type)}, ${problem.place}, ${formatExtent(problem.extentPercent)} of the image, ${problem.severity}`,
    )
    .join('; ');
  return `${head} ${problems.length === 1 ? 'One region is' : `${problems.length} regions are`} marked. ${regions}.`;
}
