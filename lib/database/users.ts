import { database } from './client';

/** The one user of local mode. */
export const LOCAL_USER_ID = 'local';

/** Makes the user of local mode if it is not there. */
export async function ensureLocalUser(): Promise<void> {
  const found = await database().user.findUnique({ where: { id: LOCAL_USER_ID }, select: { id: true } });
  if (found === null) {
    await database().user.upsert({
      where: { id: LOCAL_USER_ID },
      create: { id: LOCAL_USER_ID, name: 'You', role: 'admin' },
      update: {},
    });
  }
}
