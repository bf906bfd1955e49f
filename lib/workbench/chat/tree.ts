import type { ChatMessage } from '@/lib/contract';

const parentOf = (message: ChatMessage): string | null => message.metadata?.parentId ?? null;

/** The visible branch: from the first message down to `leafId`. An unknown or null leaf gives an empty branch. */
export function branchTo(messages: readonly ChatMessage[], leafId: string | null): ChatMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: ChatMessage[] = [];
  const seen = new Set<string>();
  for (let at = leafId === null ? undefined : byId.get(leafId); at && !seen.has(at.id);) {
    seen.add(at.id);
    branch.unshift(at);
    const parent = parentOf(at);
    at = parent === null ? undefined : byId.get(parent);
  }
  return branch;
}

/**
 * Messages with the same parent and role as `message`, oldest first: the branches to switch between. Includes `message`
 * itself.
 */
export function siblingsOf(messages: readonly ChatMessage[], message: ChatMessage): ChatMessage[] {
  const siblings = messages.filter((other) => parentOf(other) === parentOf(message) && other.role === message.role);
  return siblings.some(({ id }) => id === message.id) ? siblings : [...siblings, message];
}

/** The newest end of the branch that goes through `id`. */
export function newestLeaf(messages: readonly ChatMessage[], id: string): string {
  const seen = new Set<string>();
  let leaf = id;
  for (;;) {
    seen.add(leaf);
    const child = messages.findLast((message) => parentOf(message) === leaf && !seen.has(message.id));
    if (!child) {
      return leaf;
    }
    leaf = child.id;
  }
}

/** Puts messages into a tree: known ids are replaced in place, new ones come last. */
export function mergeMessages(messages: readonly ChatMessage[], changed: readonly ChatMessage[]): ChatMessage[] {
  const byId = new Map(changed.map((message) => [message.id, message]));
  const known = new Set(messages.map(({ id }) => id));
  return [...messages.map((message) => byId.get(message.id) ?? message), ...changed.filter(({ id }) => !known.has(id))];
}

/** The text of a message, parts joined. */
export function textOf(message: ChatMessage): string {
  return message.parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n\n')
    .trim();
}
