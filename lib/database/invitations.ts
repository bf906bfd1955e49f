import { database } from './client';
import type { Role } from './generated/enums';

export type InvitationRow = { id: string; email: string; role: Role; createdAt: Date; expiresAt: Date };

const INVITATION = { id: true, email: true, role: true, createdAt: true, expiresAt: true } as const;

const open = (now: Date) => ({ acceptedAt: null, revokedAt: null, expiresAt: { gt: now } });

/** Notes an invitation; an earlier one to the same address ends. */
export async function createInvitation(
  data: { id: string; tokenHash: string; email: string; role: Role; invitedById: string; expiresAt: Date },
  now: Date,
): Promise<InvitationRow> {
  const [, row] = await database().$transaction([
    database().invitation.updateMany({ where: { email: data.email, ...open(now) }, data: { revokedAt: now } }),
    database().invitation.create({ data, select: INVITATION }),
  ]);
  return row;
}

/** Invitations that can still be accepted, the newest first. */
export function listInvitations(now: Date): Promise<InvitationRow[]> {
  return database().invitation.findMany({ where: open(now), select: INVITATION, orderBy: { createdAt: 'desc' } });
}

export function findInvitation(tokenHash: string, now: Date): Promise<InvitationRow | null> {
  return database().invitation.findFirst({ where: { tokenHash, ...open(now) }, select: INVITATION });
}

export function findInvitationFor(email: string, now: Date): Promise<InvitationRow | null> {
  return database().invitation.findFirst({ where: { email, ...open(now) }, select: INVITATION });
}

/** Ends the invitations to an address: its person has come, by whatever way. */
export async function useInvitationsOf(email: string, now: Date): Promise<void> {
  await database().invitation.updateMany({ where: { email, ...open(now) }, data: { acceptedAt: now } });
}

/** @returns the invitation, or null when it cannot be accepted any more anyway */
export async function revokeInvitation(id: string, now: Date): Promise<InvitationRow | null> {
  const row = await database().invitation.findFirst({ where: { id, ...open(now) }, select: INVITATION });
  if (row !== null) {
    await database().invitation.update({ where: { id }, data: { revokedAt: now } });
  }
  return row;
}
