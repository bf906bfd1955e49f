import { databaseAddress } from '@/lib/database/kind';
import type { Auth } from './better-auth';
import { teamSettings } from './settings';

const holder = globalThis as typeof globalThis & { looktwiceAuth?: { key: string; auth: Promise<Auth> } };

/**
 * The accounts of team mode. Loaded when first asked for, so that local mode does not pay for it; made again when the
 * settings change.
 */
export function accounts(): Promise<Auth> {
  const settings = teamSettings();
  const key = JSON.stringify([settings, databaseAddress()]);
  if (holder.looktwiceAuth?.key !== key) {
    const auth = import('./better-auth').then(({ createAuth }) => createAuth(settings));
    holder.looktwiceAuth = { key, auth };
  }
  return holder.looktwiceAuth.auth;
}
