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

/** Notes who did what: shares, deletions, role changes. */
export async function recordAudit(entry: AuditEntry): Promise<void> {
  await database().auditEvent.create({ data: { id: randomBytes(16).toString('base64url'), ...entry } });
}
