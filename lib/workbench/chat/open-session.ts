import type { ChatSession } from './session';

/** The session of a conversation, made when it is first asked for; its code is loaded then too. */
export async function openSession(conversationId: string): Promise<ChatSession> {
  const { sessionOf } = await import('./sessions');
  return sessionOf(conversationId);
}
