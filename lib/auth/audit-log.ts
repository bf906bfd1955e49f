import { listAudit } from '@/lib/database/audit';
import type { AuditEventInfo } from './contract';

/** A page of the audit log, the newest first. `action`: its first word, e.g. `session`. */
export async function readAuditLog(query: {
  cursor?: string | undefined;
  action?: string | undefined;
  limit: number;
}): Promise<{ events: AuditEventInfo[]; nextCursor: string | null }> {
  const rows = await listAudit(query);
  const events = rows.slice(0, query.limit).map((row) => ({
    id: row.id,
    at: row.createdAt.toISOString(),
    actor: row.actor?.email ?? row.actor?.name ?? row.actorId,
    action: row.action,
    target: `${row.targetType} ${row.targetId}`,
    address: row.address,
    detail: row.detail,
  }));
  return { events, nextCursor: rows.length > query.limit ? (events.at(-1)?.id ?? null) : null };
}
