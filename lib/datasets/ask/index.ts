import type { DatasetPart } from '@/lib/contract';
import {
  countMatching,
  countDisagreeing,
  findItemOfImage,
  type ItemRow,
  listItems,
} from '@/lib/database/dataset-items';
import { countBy, type DatasetRow, listDatasets } from '@/lib/database/datasets';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';
import { readDatasetDetail } from '../sets';
import { findSimilar } from '../similar';
import { intentOf, mentionedSet } from './intent';

const ROWS = 10;
/** From here on the model contradicts a label or mask more than it agrees. */
const CONTRADICTS = 0.5;

type Card = Pick<DatasetPart, 'title' | 'columns' | 'rows'> & { facts: string };
const number = (value: number | null) => (value === null ? '–' : value.toFixed(2));

/**
 * What the owner's data says about the set that a question names with `@name`: the numbers come from queries. File
 * names are shown, but are not in the evidence, which may go to an engine elsewhere.
 *
 * @param imageIds images that the question is about, for "items like this one"
 * @returns null when no set is named
 */
export async function answerFromSet(
  owner: Owner,
  text: string,
  imageIds: readonly string[],
): Promise<DatasetPart | null> {
  const set = text.includes('@') ? mentionedSet(text, await listDatasets(owner)) : undefined;
  if (set === undefined) {
    return null;
  }
  const kind = intentOf(text);
  const { facts, ...card } = await CARDS[kind](owner, set, imageIds);
  return { datasetId: set.id, name: set.name, kind, evidence: ` [data set ${set.name}: ${facts}]`, ...card };
}

const CARDS: Record<
  DatasetPart['kind'],
  (owner: Owner, set: DatasetRow, imageIds: readonly string[]) => Promise<Card>
> = {
  summary: async (owner, { id }) => {
    const { counts } = await readDatasetDetail(owner, id);
    const { items, normal, anomalous, unlabelled, reviewed, scored } = counts;
    const rows = Object.entries({ images: items, normal, anomalous, unlabelled, inspected: scored, reviewed });
    return {
      title: 'The set in numbers',
      columns: ['', 'Items'],
      rows: rows.map(([name, count]) => ({ itemId: null, imageId: null, cells: [name, String(count)] })),
      facts: `${items} images, ${normal} normal, ${anomalous} anomalous, ${scored} inspected, ${reviewed} reviewed`,
    };
  },
  types: async (_owner, { id }) => {
    const types = await countBy(id, 'defectType', { label: 'anomalous' });
    const anomalous = await countMatching(id, { label: 'anomalous' });
    return {
      title: 'Anomalous items by defect type',
      columns: ['Type', 'Items', 'Share'],
      rows: types.map(({ value, items }) => ({
        itemId: null,
        imageId: null,
        cells: [value, String(items), `${((100 * items) / Math.max(1, anomalous)).toFixed(1)} %`],
      })),
      facts: `${anomalous} anomalous images; ${types
        .slice(0, 6)
        .map(({ value, items }) => `${items} ${value}`)
        .join(', ')}`,
    };
  },
  mislabelled: (_owner, set) =>
    ranked(set, 'disagreement', 'Items whose label or mask the model contradicts most', async () => {
      const count = await countDisagreeing(set.id, CONTRADICTS);
      return `${count} images contradict their label or mask by more than half`;
    }),
  uncertain: (_owner, set) =>
    ranked(set, 'uncertainty', 'Items that the model is least sure about', () => Promise.resolve('')),
  similar: async (owner, { id }, imageIds) => {
    const item = await findItemOfImage(id, [...imageIds]);
    if (item === null) {
      return empty('Items like the image', 'the image is no item of this set, so nothing is compared');
    }
    try {
      const similar = await findSimilar(owner, id, item.id, ROWS);
      return {
        title: `Items that look most like ${item.path}`,
        columns: ['Item', 'Label', 'Type', 'Similarity'],
        rows: similar.map((row) => ({
          itemId: row.id,
          imageId: row.imageId,
          cells: [row.path, row.label, row.defectType ?? '', row.similarity.toFixed(3)],
        })),
        facts: `${similar.length} most similar images, ${similar.filter(({ label }) => label === 'anomalous').length} of them anomalous`,
      };
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') {
        return empty('Items like the image', 'not inspected yet');
      }
      throw error;
    }
  },
};

const empty = (title: string, facts: string): Card => ({ title, columns: ['Item'], rows: [], facts });

async function ranked(
  { id }: DatasetRow,
  order: 'disagreement' | 'uncertainty',
  title: string,
  tell: () => Promise<string>,
): Promise<Card> {
  const items = (await listItems(id, { filter: {}, order, limit: ROWS })).filter((item) => item[order] !== null);
  const [first] = items;
  if (first === undefined) {
    return empty(title, 'not inspected yet, so nothing can be ranked');
  }
  const cells = (item: ItemRow) => [item.path, item.label, number(item.score), number(item[order])];
  const told = await tell();
  return {
    title,
    columns: ['Item', 'Label', 'Score', order === 'disagreement' ? 'Disagreement' : 'Uncertainty'],
    rows: items.map((item) => ({ itemId: item.id, imageId: item.imageId, cells: cells(item) })),
    facts: `${told}${told === '' ? '' : '; '}the first is labelled ${first.label}, score ${number(first.score)}`,
  };
}
