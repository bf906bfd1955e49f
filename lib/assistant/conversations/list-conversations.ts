import { z } from 'zod';
import type { ConversationList, ConversationSummary } from '@/lib/contract';
import {
  listConversations as queryConversations,
  searchConversations,
  type ListPosition,
  type ListedConversation,
} from '@/lib/database/conversation-list';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';
import { snippetAround } from './snippet';

/** A search shows the newest hits; who wants older ones asks for more words. */
const MAX_HITS = 100;
const MAX_WORDS = 8;

const cursorSchema = z.tuple([z.boolean(), z.number(), z.string()]);

function encodeCursor({ pinned, updatedAt, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([pinned, updatedAt.getTime(), id])).toString('base64url');
}

function decodeCursor(cursor: string): ListPosition {
  try {
    const [pinned, time, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { pinned, updatedAt: new Date(time), id };
  } catch (error) {
    throw new AppError('invalid_request', 'The field cursor is wrong: start from the first page', { cause: error });
  }
}

function toSummary({ createdAt, updatedAt, ...row }: ListedConversation): ConversationSummary {
  return { ...row, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** A page of the owner's conversations, or with `q` those whose title or messages have all its words. */
export async function listConversations(
  owner: Owner,
  { q, cursor, limit }: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<ConversationList> {
  const words = (q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);
  if (words.length === 0) {
    const position = cursor === undefined ? {} : { position: decodeCursor(cursor) };
    const rows = await queryConversations(owner, { ...position, limit: limit + 1 });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      conversations: rows.slice(0, limit).map(toSummary),
      nextCursor: last === undefined ? null : encodeCursor(last),
    };
  }
  const hits = await searchConversations(owner, words, Math.min(limit, MAX_HITS));
  const text = new Map(hits.map((hit) => [hit.conversationId, hit.text]));
  const rows = await queryConversations(owner, { ids: [...text.keys()], limit: hits.length });
  const conversations = rows.map((row) => ({
    ...toSummary(row),
    snippet: snippetAround(text.get(row.id) ?? '', words),
  }));
  return { conversations, nextCursor: null };
}
