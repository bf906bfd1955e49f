import { notify } from '../ui/notify';
import type { ConversationPatch } from '@/lib/contract';
import { api, exportUrl } from '../client/api';
import { announce } from '../client/channel';
import { refreshConversations } from '../client/use-server';
import { closeTabsOf } from '../state/editors';
import { layoutStore, openConversation } from '../state/layout';
import { dropSession, findSession, newConversationId } from './session-registry';

const explain = (error: unknown) => notify.error(error instanceof Error ? error.message : String(error));

/** Begins an empty conversation and puts the caret into its composer. */
export function startConversation(): string {
  const id = newConversationId();
  openConversation(id, { link: false });
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('[data-composer]')?.focus());
  return id;
}

/** Renames or pins a conversation. */
export async function changeConversation(id: string, change: ConversationPatch): Promise<void> {
  try {
    await api.patchConversation(id, change);
    if (change.title !== undefined) {
      findSession(id)?.setTitle(change.title);
    }
    announce({ kind: 'changed', conversationId: id });
    await refreshConversations();
  } catch (error) {
    explain(error);
  }
}

/** Deletes a conversation; the notice undoes it as long as the server can. */
export async function deleteConversation(id: string, title: string): Promise<void> {
  try {
    const { undoUntil } = await api.deleteConversation(id);
    closeTabsOf((tab) => tab.kind === 'chat' && tab.conversationId === id);
    if (layoutStore.get().conversationId === id) {
      startConversation();
    }
    dropSession(id);
    announce({ kind: 'deleted', conversationId: id });
    await refreshConversations();
    notify.message(`Deleted "${title}"`, {
      duration: Math.min(15_000, Math.max(3000, Date.parse(undoUntil) - Date.now())),
      action: { label: 'Undo', onClick: () => void restoreConversation(id) },
    });
  } catch (error) {
    explain(error);
  }
}

async function restoreConversation(id: string): Promise<void> {
  try {
    await api.restoreConversation(id);
    await refreshConversations();
    openConversation(id, { link: true });
    announce({ kind: 'changed', conversationId: id });
  } catch (error) {
    explain(error);
  }
}

/** Saves the visible branch of a conversation as a file. */
export function exportConversation(id: string, format: 'md' | 'json' | 'pdf'): void {
  const leaf = findSession(id)?.chat.messages.at(-1)?.id;
  const link = document.createElement('a');
  link.href = exportUrl(id, format, leaf);
  link.download = '';
  link.click();
}
