import type { ChatMessage } from '@/lib/contract';

type Part = ChatMessage['parts'][number];

function tickPart(part: Part, itemId: string, done: boolean): Part {
  if (part.type !== 'data-checklist') {
    return part;
  }
  const items = part.data.items.map((item) => (item.id === itemId ? { ...item, done } : item));
  return { ...part, data: { ...part.data, items } };
}

/** The messages with one item of one message's checklist ticked, or no longer. */
export function withTick(messages: ChatMessage[], messageId: string, itemId: string, done: boolean): ChatMessage[] {
  return messages.map((message) =>
    message.id === messageId
      ? { ...message, parts: message.parts.map((part) => tickPart(part, itemId, done)) }
      : message,
  );
}
