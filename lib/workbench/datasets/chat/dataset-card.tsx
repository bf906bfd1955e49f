import type { DatasetPart } from '@/lib/contract';
import { openImage } from '../../state/editors';
import { openDataset } from '../open-dataset';
import { DatasetTable } from './dataset-table';

/** What queries say about a data set: a table whose rows open their item. */
export function DatasetCard({ part }: { part: DatasetPart }) {
  const { datasetId, name } = part;
  return (
    <DatasetTable
      part={part}
      name={
        <button
          type="button"
          className="shrink-0 text-link hover:underline"
          onClick={() => openDataset({ id: datasetId, name })}
        >
          {name}
        </button>
      }
      first={({ imageId, cells: [cell = ''] }) =>
        imageId === null ? (
          cell
        ) : (
          <button
            type="button"
            className="text-link hover:underline"
            onClick={() => openImage({ imageId, name: cell.slice(cell.lastIndexOf('/') + 1) })}
          >
            {cell}
          </button>
        )
      }
    />
  );
}
