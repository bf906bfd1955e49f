import type { Finding } from '@/lib/assistant/contract';
import { findingName, formatExtent } from '../image/describe';
import { openImage } from '../state/editors';
import { imageStore } from '../state/images';
import { revealRegion } from '../state/viewer';
import { SeverityIcon } from '../ui/severity-icon';

/** What was found, one row per region: type, place, extent, severity. A row opens the image at its region. */
export function FindingsCard({ imageId, items }: { imageId: string; items: readonly Finding[] }) {
  const show = (finding: Finding) => {
    openImage({ imageId, name: imageStore.get()[imageId]?.name ?? 'Image' });
    revealRegion(imageId, finding);
  };
  if (items.length === 0) {
    return null;
  }
  return (
    <section aria-label="Findings" className="my-2 overflow-x-auto rounded-lg border border-line bg-app">
      <table className="w-full text-left text-xs">
        <thead className="text-2xs text-muted">
          <tr className="border-b border-line">
            <th className="px-2.5 py-1.5 font-medium">Finding</th>
            <th className="px-2 py-1.5 font-medium">Place</th>
            <th className="px-2 py-1.5 text-right font-medium">Extent</th>
            <th className="px-2 py-1.5 font-medium">Severity</th>
            <th className="px-2.5 py-1.5 text-right font-medium">Score</th>
          </tr>
        </thead>
        <tbody>
          {items.map((finding) => (
            <tr key={finding.regionId} className="border-b border-line last:border-0 hover:bg-hover">
              <td className="px-2.5 py-1">
                <button
                  type="button"
                  className="text-link hover:underline"
                  onClick={() => show(finding)}
                  aria-label={`Show the ${findingName(finding.type)} ${finding.place} in the image`}
                >
                  {findingName(finding.type)}
                </button>
              </td>
              <td className="px-2 py-1">{finding.place}</td>
              <td className="px-2 py-1 text-right whitespace-nowrap tabular-nums" title={`${finding.areaPx} px`}>
                {formatExtent(finding.extentPercent)}
              </td>
              <td className="px-2 py-1 align-middle">
                <span className="flex items-center gap-1.5">
                  <SeverityIcon severity={finding.severity} />
                  {finding.severity}
                </span>
              </td>
              <td className="px-2.5 py-1 text-right tabular-nums">{finding.score.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
