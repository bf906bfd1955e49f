import * as layout from '../state/layout';

/** A command's `run` on the conversation at hand; does nothing without one. */
export const onSession = (act: (id: string) => void | Promise<void>) => () => {
  const id = layout.layoutStore.get().conversationId;
  return id ? act(id) : undefined;
};
