import { headers } from 'next/headers';
import { cache } from 'react';
import type { ExportedConversation } from '@/lib/assistant/exports/gather';
import type { ShareRow } from '@/lib/database/shares';
import { AppError } from '@/lib/http/app-error';
import { findShare, readSharedConversation } from './open-share';

/**
 * `conversation` is null while the link's password was not given, or whoever asks has no account and the link wants one
 * (`admitted`).
 */
export type LoadedShare = { share: ShareRow; admitted: boolean; conversation: ExportedConversation | null };

/** What both pages of a link need, read once per request; null for a link that does not work. */
export const loadShare = cache(async (token: string): Promise<LoadedShare | null> => {
  const found = await findShare(token, await headers());
  if (found === null) {
    return null;
  }
  const { share, admitted, unlocked } = found;
  try {
    return { share, admitted, conversation: admitted && unlocked ? await readSharedConversation(share) : null };
  } catch (error) {
    // What it shows was deleted, or stored by an earlier version.
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'gone')) {
      return null;
    }
    throw error;
  }
});
