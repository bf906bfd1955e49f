type Node = { id: string; parentId: string | null };

/** The messages from the root to `leafId`; empty when it is not among them. */
export function branchTo<Message extends Node>(messages: readonly Message[], leafId: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Message[] = [];
  let current = leafId === null ? undefined : byId.get(leafId);
  while (current !== undefined && branch.length <= messages.length) {
    branch.push(current);
    current = current.parentId === null ? undefined : byId.get(current.parentId);
  }
  return branch.reverse();
}

/** The end of the branch through `id` that follows the newest child each time. `messages` are sorted by time. */
export function newestLeaf<Message extends Node>(messages: readonly Message[], id: string): string {
  const newestChild = new Map(
    messages.flatMap((message) => (message.parentId === null ? [] : [[message.parentId, message.id]])),
  );
  let leaf = id;
  for (let steps = 0; steps < messages.length; steps += 1) {
    const child = newestChild.get(leaf);
    if (child === undefined) {
      break;
    }
    leaf = child;
  }
  return leaf;
}
