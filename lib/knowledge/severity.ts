import type { Playbook, Severity } from './schema';

/**
 * A rule of thumb, not a standard: points for the type (look 0, function 1, structure 2), for the extent of all regions
 * (0.5 %, 3 %, 10 % of the image: 1, 2, 3) and for five or more regions (1). Four and more are severe, two or three
 * moderate. Used to choose the playbook's impact and for the findings card.
 */
export function severityOf(
  { types }: Pick<Playbook, 'types'>,
  finding: { defect: string; extentPercent: number; count: number },
): Severity {
  const { defect, extentPercent, count } = finding;
  const criticality = types.find(({ name }) => name === defect)?.criticality ?? 1;
  const extent = extentPercent >= 10 ? 3 : extentPercent >= 3 ? 2 : extentPercent >= 0.5 ? 1 : 0;
  const points = criticality + extent + (count >= 5 ? 1 : 0);
  if (points >= 4) {
    return 'severe';
  }
  return points >= 2 ? 'moderate' : 'minor';
}
