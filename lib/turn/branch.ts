import { type TurnContext, readContext } from './context';
import type { Seen } from './perception';
import type { TurnMessage } from './types';

export type ReadMessage<State extends Seen = Seen> =
  | {
      role: 'user';
      message: Extract<TurnMessage, { role: 'user' }>;
      /** What the playbook had for this question. */
      splice: string;
      /** One per image of the message, filled by `lookAtImages`. */
      looks: State[];
    }
  | { role: 'assistant'; text: string; context: TurnContext | null };

/**
 * The branch with each answer's context read, and each question's playbook splice taken from the answer that followed
 * it.
 */
export function readBranch<State extends Seen = Seen>(messages: readonly TurnMessage[]): ReadMessage<State>[] {
  return messages.map((message, index): ReadMessage<State> => {
    if (message.role === 'assistant') {
      return { role: 'assistant', text: message.text, context: readContext(message.context) };
    }
    const next = messages[index + 1];
    const context = next?.role === 'assistant' ? readContext(next.context) : null;
    return { role: 'user', message, splice: context?.questionSplice ?? '', looks: [] };
  });
}
