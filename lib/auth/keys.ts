import { newId } from '@/lib/contract/ids';
import * as store from '@/lib/database/api-keys';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { AppError, notFound } from '@/lib/http/app-error';
import type { KeyInfo } from './contract';
import { requireTeam } from './mode';
import type { Principal } from './principal';
import { hashToken, newToken } from './tokens';

/** A prefix that scanners for leaked secrets, and people, recognise. */
const PREFIX = 'lt_';
const HINT_LENGTH = 8;
const MAX_KEYS = 50;
const DAY_MS = 24 * 3600 * 1000;

function toInfo({ id, name, hint, createdAt, lastUsedAt, expiresAt }: store.KeyRow): KeyInfo {
  return {
    id,
    name,
    hint,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

/** Makes a key of one's own; `secret` is never to be had again. @throws AppError conflict when there are too many */
export async function createKey(
  principal: Principal,
  { name, days }: { name: string; days: number | null },
  source: AuditSource,
): Promise<{ key: KeyInfo; secret: string }> {
  requireTeam();
  if ((await store.listKeys(principal)).length >= MAX_KEYS) {
    throw new AppError('conflict', `You have ${MAX_KEYS} keys: revoke one first`);
  }
  const secret = `${PREFIX}${newToken()}`;
  const row = await store.createKey(principal, {
    id: newId(),
    name,
    keyHash: hashToken(secret),
    hint: secret.slice(0, HINT_LENGTH),
    expiresAt: days === null ? null : new Date(Date.now() + days * DAY_MS),
  });
  const target = { targetType: 'key', targetId: row.id };
  await recordAudit({ ...source, actorId: principal.userId, action: 'key.create', ...target, detail: { name } });
  return { key: toInfo(row), secret };
}

export async function listKeys(principal: Principal): Promise<KeyInfo[]> {
  return (await store.listKeys(principal)).map(toInfo);
}

/** @throws AppError not_found for an absent key and another's */
export async function revokeKey(principal: Principal, id: string, source: AuditSource): Promise<void> {
  if (!(await store.revokeKey(principal, id, new Date()))) {
    throw notFound('key');
  }
  const target = { targetType: 'key', targetId: id };
  await recordAudit({ ...source, actorId: principal.userId, action: 'key.revoke', ...target });
}
