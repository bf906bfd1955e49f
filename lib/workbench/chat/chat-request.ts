import { newId, type ChatRequest, type ChatSettings, type InputMessage } from '@/lib/contract';
import { engineRequest } from '../state/engines';
import { chatSettingsStore } from '../state/settings';

export type SessionPart = InputMessage['parts'][number];

/** A request and its ids, made once: sent again it is recognised by them. */
const begin = (conversationId: string) => ({ conversationId, answerId: newId() });

/** Asks the conversation's own engine a question after `parentId`. */
export function submitRequest(
  conversationId: string,
  messageId: string,
  parts: SessionPart[],
  parentId: string | null,
): ChatRequest {
  return {
    trigger: 'submit',
    ...begin(conversationId),
    parentId,
    message: { id: messageId, role: 'user', parts },
    settings: chatSettingsStore.get(),
    ...engineRequest(conversationId),
  };
}

/** Asks the conversation's own engine for another answer to a question. */
export function regenerateRequest(
  conversationId: string,
  questionId: string,
  change: Pick<ChatSettings, 'part'> = {},
): ChatRequest {
  return {
    trigger: 'regenerate',
    ...begin(conversationId),
    parentId: questionId,
    settings: { ...chatSettingsStore.get(), ...change },
    ...engineRequest(conversationId),
  };
}

/** Asks one engine, this once. `allow`: the person lets it be sent this conversation. */
export function askEngineRequest(
  conversationId: string,
  questionId: string,
  engine: string | null,
  allow: boolean,
): ChatRequest {
  return {
    trigger: 'regenerate',
    ...begin(conversationId),
    parentId: questionId,
    settings: chatSettingsStore.get(),
    engine,
    engineOnce: true,
    ...(allow && { allowEngine: true }),
  };
}

/**
 * The same request once more, with the engine or the consent that was chosen since, unless it asked one engine alone.
 */
export function repeatRequest(request: ChatRequest): ChatRequest {
  const { engine: _engine, allowEngine: _allow, ...rest } = request;
  return request.engineOnce === true ? request : { ...rest, ...engineRequest(request.conversationId) };
}
