import { noteSessionUse } from '@/lib/database/sessions';
import { accounts } from './auth';
import { withCurrentSignature } from './secret-rotation';

/** The last use of a session is noted to so many ms. */
const NOTE_MS = 5 * 60_000;

/** The session that a cookie opens, and whose it is; null for none. */
export async function readSession(headers: Headers) {
  const found = await (await accounts()).api.getSession({ headers: withCurrentSignature(headers) });
  const now = new Date();
  if (found !== null && now.getTime() - new Date(found.session.updatedAt).getTime() > NOTE_MS) {
    await noteSessionUse(found.session.id, now);
  }
  return found;
}
