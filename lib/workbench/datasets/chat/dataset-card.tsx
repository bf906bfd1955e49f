import type { DatasetPart } from '@/lib/assistant/contract';
import { openImage } from '../../state/editors';
import { openDataset } from '../list/datasets-view';

/** What queries say about a data set: a table whose rows open their item. */
export function DatasetCard({ part }: { part: DatasetPart }) {
  const { datasetId, name, title, columns, rows } = part;
  return (
    <section aria-label={title} className="my-2 overflow-x-auto rounded-lg border border-line bg-app">
      <header className="flex items-baseline gap-2 border-b border-line px-2.5 py-1.5 text-xs">
        <h4 className="min-w-0 flex-1 font-medium text-fg">{title}</h4>
        <button
          type="button"
          className="shrink-0 text-link hover:underline"
          onClick={() => openDataset({ id: datasetId, name })}
        >
          {name}
        </button>
      </header>
      {rows.length === 0 ? <p className="px-2.5 py-2 text-xs text-muted">Nothing to show.</p> : null}
      {rows.length > 0 ? (
        <table className="w-full text-left text-xs">
          <thead className="text-2xs text-muted">
            <tr className="border-b border-line">
              {columns.map((column, index) => (
                <th key={index} scope="col" className="px-2.5 py-1.5 font-medium">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ itemId, imageId, cells }, row) => (
              <tr key={itemId ?? row} className="border-b border-line last:border-0 hover:bg-hover">
                {cells.map((cell, index) => (
                  <td key={index} className="max-w-64 truncate px-2.5 py-1 tabular-nums" title={cell}>
                    {index === 0 && imageId !== null ? (
                      <button
                        type="button"
                        className="text-link hover:underline"
                        onClick={() => openImage({ imageId, name: cell.slice(cell.lastIndexOf('/') + 1) })}
                      >
                        {cell}
                      </button>
                    ) : (
                      cell
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
