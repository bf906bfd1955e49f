import { newId } from '@/lib/contract/ids';
import { findUserByEmail } from '@/lib/database/accounts';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import * as store from '@/lib/database/invitations';
import { AppError, notFound } from '@/lib/http/app-error';
import type { InvitationInfo, Role } from './contract';
import { createAccount } from './create-account';
import { requireTeam } from './mode';
import type { Principal } from './principal';
import { teamSettings } from './settings';
import { hashToken, newToken } from './tokens';

const LIFE_MS = 7 * 24 * 3600 * 1000;

function toInfo({ id, email, role, createdAt, expiresAt }: store.InvitationRow): InvitationInfo {
  return { id, email, role, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}

/**
 * Invites a person: a link that makes one account, for seven days. The token stands behind a `#`, so that it reaches no
 * server's log and no Referer.
 * @throws AppError conflict when the address has an account
 */
export async function invite(
  { userId }: Principal,
  { email, role }: { email: string; role: Role },
  source: AuditSource,
): Promise<{ invitation: InvitationInfo; url: string }> {
  requireTeam();
  if ((await findUserByEmail(email)) !== null) {
    throw new AppError('conflict', `${email} has an account already: change its role instead`);
  }
  const now = new Date();
  const token = newToken();
  const row = await store.createInvitation(
    {
      id: newId(),
      tokenHash: hashToken(token),
      email,
      role,
      invitedById: userId,
      expiresAt: new Date(now.getTime() + LIFE_MS),
    },
    now,
  );
  const detail = { email, role };
  const target = { targetType: 'invitation', targetId: row.id };
  await recordAudit({ ...source, actorId: userId, action: 'invitation.create', ...target, detail });
  return { invitation: toInfo(row), url: new URL(`/invitation#${token}`, teamSettings().url).href };
}

export async function listInvitations(): Promise<InvitationInfo[]> {
  return (await store.listInvitations(new Date())).map(toInfo);
}

/** @throws AppError not_found */
export async function revokeInvitation({ userId }: Principal, id: string, source: AuditSource): Promise<void> {
  const row = await store.revokeInvitation(id, new Date());
  if (row === null) {
    throw notFound('invitation');
  }
  const target = { targetType: 'invitation', targetId: id };
  await recordAudit({
    ...source,
    actorId: userId,
    action: 'invitation.revoke',
    ...target,
    detail: { email: row.email },
  });
}

async function findOpen(token: string): Promise<store.InvitationRow> {
  requireTeam();
  const row = await store.findInvitation(hashToken(token), new Date());
  if (row === null) {
    throw new AppError('gone', 'This invitation was used, has ended, or was withdrawn: ask for a new one');
  }
  return row;
}

/** Whom an invitation is for. @throws AppError gone */
export async function lookAtInvitation(token: string): Promise<{ email: string; role: Role }> {
  const { email, role } = await findOpen(token);
  return { email, role };
}

/**
 * Makes the account of an invitation, once. @returns its address, to sign in with. @throws AppError gone or conflict
 */
export async function acceptInvitation(
  { token, name, password }: { token: string; name: string; password: string },
  source: AuditSource,
): Promise<string> {
  const { id, email, role } = await findOpen(token);
  await createAccount({ name, email, role, password, invitationId: id }, source);
  return email;
}
