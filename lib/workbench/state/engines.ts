import type { ChatRequest } from '@/lib/contract';
import { createStore } from './create-store';

/** Who writes the answers of a conversation, as this page knows it. */
export type EngineChoice = {
  /** Name of the engine; null: the embedded one. */
  engine: string | null;
  /** Chosen here and not sent yet: the next question tells the server. */
  isChanged: boolean;
  /** Engines elsewhere that this conversation may be sent to. */
  allowed: readonly string[];
  /** Allowed here and not sent yet. */
  allowing: string | null;
};

const NONE: EngineChoice = { engine: null, isChanged: false, allowed: [], allowing: null };

/** By conversation. */
export const engineStore = createStore<Record<string, EngineChoice>>({});

export function engineChoiceOf(all: Record<string, EngineChoice>, conversationId: string | null): EngineChoice {
  return (conversationId === null ? undefined : all[conversationId]) ?? NONE;
}

function change(conversationId: string, next: Partial<EngineChoice>): void {
  engineStore.set((all) => ({ ...all, [conversationId]: { ...engineChoiceOf(all, conversationId), ...next } }));
}

/** Chooses who writes from the next question on; `allow`: the person lets the engine be sent this conversation. */
export function chooseEngine(conversationId: string, engine: string | null, allow: boolean): void {
  change(conversationId, { engine, isChanged: true, allowing: allow ? engine : null });
}

/** What the server has of a conversation; a choice that was not sent yet stays. */
export function rememberEngine(
  conversationId: string,
  { engine, allowedEngines }: { engine: string | null; allowedEngines: readonly string[] },
): void {
  const { isChanged } = engineChoiceOf(engineStore.get(), conversationId);
  change(conversationId, { allowed: allowedEngines, ...(isChanged ? {} : { engine }) });
}

/** The choice as a question carries it. */
export function engineRequest(conversationId: string): { engine?: string | null; allowEngine?: boolean } {
  const { engine, isChanged, allowing } = engineChoiceOf(engineStore.get(), conversationId);
  return {
    ...(isChanged && { engine }),
    ...(allowing !== null && allowing === engine && { engine, allowEngine: true }),
  };
}

/** The server took the choice that a question carried; what was chosen since stays to be sent. */
export function engineSent(
  conversationId: string,
  { engine, allowEngine }: Pick<ChatRequest, 'engine' | 'allowEngine'>,
): void {
  const now = engineChoiceOf(engineStore.get(), conversationId);
  const isNewlyAllowed = allowEngine === true && typeof engine === 'string' && !now.allowed.includes(engine);
  change(conversationId, {
    isChanged: now.isChanged && engine !== now.engine,
    allowing: allowEngine === true && engine === now.allowing ? null : now.allowing,
    allowed: isNewlyAllowed ? [...now.allowed, engine] : now.allowed,
  });
}

/**
 * The consent dialog: which engine for which conversation, and what comes after a yes. With `once` the conversation's
 * engine stays what it is: this is done instead.
 */
export type ConsentRequest = { conversationId: string; engine: string; then?: () => void; once?: () => void } | null;
export const consentStore = createStore<ConsentRequest>(null);
