import { randomBytes } from 'node:crypto';
import { database } from './client';
import type { Prisma } from './generated/client';

/** Where an action came from. */
export type AuditSource = { requestId?: string; address?: string };

export type AuditEntry = AuditSource & {
  actorId: string | null;
  action: string;
  targetType: string;
  targetId: string;
  detail?: Prisma.InputJsonValue;
};

/** Notes who did what: sign-ins, shares, deletions, role changes, keys. */
export async function recordAudit(entry: AuditEntry): Promise<void> {
  await database().auditEvent.create({ data: { id: randomBytes(16).toString('base64url'), ...entry } });
}

/** One more event than `limit`, the newest first, from the one after `cursor`; `action` is an action's first word. */
export function listAudit({
  cursor,
  action,
  limit,
}: {
  cursor?: string | undefined;
  action?: string | undefined;
  limit: number;
}) {
  return database().auditEvent.findMany({
    where: action === undefined ? {} : { action: { startsWith: `${action}.` } },
    include: { actor: { select: { name: true, email: true } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    ...(cursor !== undefined && { cursor: { id: cursor }, skip: 1 }),
  });
}
