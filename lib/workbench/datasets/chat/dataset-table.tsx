import type { ReactNode } from 'react';
import type { DatasetPart } from '@/lib/contract';

type Row = DatasetPart['rows'][number];

/**
 * What queries say about a data set, as a table: in the chat and on a shared page. `first` draws the first cell of a
 * row.
 */
export function DatasetTable({
  part: { title, columns, rows },
  name,
  first = ({ cells }) => cells[0],
}: {
  part: Pick<DatasetPart, 'title' | 'columns' | 'rows'>;
  name: ReactNode;
  first?: (row: Row) => ReactNode;
}) {
  return (
    <section aria-label={title} className="my-2 overflow-x-auto rounded-lg border border-line bg-app">
      <header className="flex items-baseline gap-2 border-b border-line px-2.5 py-1.5 text-xs">
        <h4 className="min-w-0 flex-1 font-medium text-fg">{title}</h4>
        {name}
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
            {rows.map((row, index) => (
              <tr key={row.itemId ?? index} className="border-b border-line last:border-0 hover:bg-hover">
                {row.cells.map((cell, column) => (
                  <td key={column} className="max-w-64 truncate px-2.5 py-1 tabular-nums" title={cell}>
                    {column === 0 ? first(row) : cell}
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
