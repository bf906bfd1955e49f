import * as z from 'zod/mini';

const eventSchema = z.object({
  kind: z.enum(['changed', 'deleted', 'running']),
  conversationId: z.string(),
});
/** What one tab tells the others: a conversation changed, went, or is being answered. */
export type ChannelEvent = z.infer<typeof eventSchema>;

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('looktwice');

const here = new Set<() => void>();

/** Tells the other tabs of this browser, and whoever listens here. */
export function announce(event: ChannelEvent): void {
  channel?.postMessage(event);
  here.forEach((listener) => listener());
}

/** Hears of every change, made in this tab or in another; returns how to stop. */
export function onAnyChange(listener: () => void): () => void {
  here.add(listener);
  const stop = onAnnounced(listener);
  return () => {
    here.delete(listener);
    stop();
  };
}

/** Hears what other tabs announce; returns how to stop. */
export function onAnnounced(listener: (event: ChannelEvent) => void): () => void {
  const hear = (message: MessageEvent<unknown>) => {
    const parsed = z.safeParse(eventSchema, message.data);
    if (parsed.success) {
      listener(parsed.data);
    }
  };
  channel?.addEventListener('message', hear);
  return () => channel?.removeEventListener('message', hear);
}
