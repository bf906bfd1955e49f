import { recordAudit, type AuditSource } from '@/lib/database/audit';
import * as store from '@/lib/database/sessions';
import { notFound } from '@/lib/http/app-error';
import type { SessionInfo } from './contract';
import { deviceName } from './device-name';
import { requireTeam } from './mode';
import type { Principal } from './principal';
import { readSession } from './read-session';

/** One's own sessions, the last used first; `current` is the one that asks. */
export async function listSessions(principal: Principal, headers: Headers): Promise<SessionInfo[]> {
  requireTeam();
  const current = (await readSession(headers))?.session.id;
  return (await store.listSessions(principal, new Date())).map((row) => ({
    id: row.id,
    device: deviceName(row.userAgent),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.updatedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    current: row.id === current,
  }));
}

/** Signs a device out. @throws AppError not_found for an absent session and another's */
export async function endSession(principal: Principal, id: string, source: AuditSource): Promise<void> {
  requireTeam();
  const ended = await store.endSession(principal, id);
  if (ended === null) {
    throw notFound('session');
  }
  await recordAudit({
    ...source,
    actorId: principal.userId,
    action: 'session.end',
    targetType: 'user',
    targetId: principal.userId,
    detail: { device: deviceName(ended.userAgent) },
  });
}
