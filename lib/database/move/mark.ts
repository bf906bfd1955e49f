import type { PrismaClient } from '../generated/client';
import { MOVING } from '../installation';

const ROW = 1;
/** Of a database that no server has started with yet. */
const NEVER_STARTED = 'never started';

type Installation = { key: string; starts: number; checkedAt: Date };

/** Which installation a database belongs to. @throws Error when it is half of a move itself */
export async function installationOf(source: PrismaClient, name: string): Promise<Installation> {
  if ((await source.installation.findUnique({ where: { id: MOVING } })) !== null) {
    throw new Error(`A move into ${name} has not ended: end that one first`);
  }
  const row = await source.installation.findUnique({ where: { id: ROW } });
  return row ?? { key: NEVER_STARTED, starts: 0, checkedAt: new Date(0) };
}

/**
 * Marks a target as being moved into; no server starts with it until the move has ended.
 * @param replace whether a target that has this installation already may be brought to the state of the source
 * @throws Error when something else is there, or something newer
 */
export async function beginMove(
  target: PrismaClient,
  name: string,
  { key, starts }: Installation,
  replace: boolean,
): Promise<void> {
  await target.$transaction(async (tx) => {
    const mark = await tx.installation.findUnique({ where: { id: MOVING } });
    if (mark !== null && mark.key !== key) {
      throw new Error(`${name} has half of a move from another installation: name an empty database`);
    }
    const there = await tx.installation.findUnique({ where: { id: ROW } });
    if (mark === null && there === null && (await tx.user.count()) + (await tx.image.count()) > 0) {
      throw new Error(`${name} is not empty: name an empty database`);
    }
    if (there !== null && there.key !== key) {
      throw new Error(`${name} has another installation: name an empty database`);
    }
    if (there !== null && there.starts > starts) {
      throw new Error(
        `${name} has been used since it was moved: nothing is overwritten. Move from there, or name an empty database`,
      );
    }
    if (mark === null && there !== null && !replace) {
      throw new Error(
        `${name} has this installation already: add --replace to bring it to the state of the source, and lose what was done there since`,
      );
    }
    await tx.installation.upsert({
      where: { id: MOVING },
      create: { id: MOVING, key, checkedAt: new Date() },
      update: { checkedAt: new Date() },
    });
  });
}

/** Makes the target the installation that was moved. */
export async function endMove(target: PrismaClient, { key, starts, checkedAt }: Installation): Promise<void> {
  await target.$transaction(async (tx) => {
    if (key === NEVER_STARTED) {
      await tx.installation.deleteMany({ where: { id: ROW } });
    } else {
      const data = { key, starts, checkedAt };
      await tx.installation.upsert({ where: { id: ROW }, create: { id: ROW, ...data }, update: data });
    }
    await tx.installation.delete({ where: { id: MOVING } });
  });
}
