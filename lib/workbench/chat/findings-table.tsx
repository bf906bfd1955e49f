import type { Finding } from '@/lib/contract';
import { findingName, formatExtent } from '@/lib/segmentation/mask-words';
import { SeverityIcon } from '../ui/severity-icon';

/**
 * Findings as a table. With `onShow` their names are buttons; without it (the shared page, which the server renders)
 * each row has the number of its mark in the picture.
 */
export function FindingsTable({ items, onShow }: { items: readonly Finding[]; onShow?: (finding: Finding) => void }) {
  return (
    <section aria-label="Findings" className="@container my-2 overflow-x-auto rounded-lg border border-line bg-app">
      <table className="w-full text-left text-xs">
        <thead className="text-2xs text-muted">
          <tr className="border-b border-line">
            <th className="px-2.5 py-1.5 font-medium">Finding</th>
            <th className="px-2 py-1.5 font-medium">Place</th>
            <th className="px-2 py-1.5 text-right font-medium">Extent</th>
            <th className="px-2 py-1.5 font-medium">
              <span className="@max-xs:sr-only">Severity</span>
            </th>
            <th className="px-2.5 py-1.5 text-right font-medium">Score</th>
          </tr>
        </thead>
        <tbody>
          {items.map((finding, index) => (
            <tr key={finding.regionId} className="border-b border-line last:border-0 hover:bg-hover">
              <td className="px-2.5 py-1">
                {onShow ? (
                  <button
                    type="button"
                    className="text-link hover:underline"
                    onClick={() => onShow(finding)}
                    aria-label={`Show the ${findingName(finding.type)} ${finding.place} in the image`}
                  >
                    {findingName(finding.type)}
                  </button>
                ) : (
                  `${index + 1}. ${findingName(finding.type)}`
                )}
              </td>
              <td className="px-2 py-1 whitespace-nowrap">{finding.place}</td>
              <td className="px-2 py-1 text-right whitespace-nowrap tabular-nums" title={`${finding.areaPx} px`}>
                {formatExtent(finding.extentPercent)}
              </td>
              <td className="px-2 py-1 align-middle">
                <span className="flex items-center gap-1.5">
                  <SeverityIcon severity={finding.severity} />
                  {/* Beside another answer there is room for the sign alone. */}
                  <span className="@max-xs:sr-only">{finding.severity}</span>
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
