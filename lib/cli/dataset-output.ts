import { UsageError } from './usage-error';

export type Json = { json?: true };

/** Prints a result as JSON if that was asked for, else as text. */
export function print(flags: Json, value: object, text: string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

/** A set by its name or id. @throws UsageError when there is none */
export async function findSet(owner: { userId: string }, nameOrId: string) {
  const { findDataset, findDatasetByName } = await import('@/lib/database/datasets');
  const found = (await findDatasetByName(owner, nameOrId)) ?? (await findDataset(owner, nameOrId));
  if (found === null) {
    throw new UsageError(`There is no data set "${nameOrId}": \`looktwice dataset list\` shows them.`);
  }
  return found;
}
