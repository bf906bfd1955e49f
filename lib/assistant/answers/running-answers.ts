import type { AnswerLog } from './answer-log';

/** Why an answer was ended before it was complete: by its reader, or by the end of the server. */
export type EndReason = 'stopped' | 'interrupted';

export type RunningAnswer = {
  messageId: string;
  log: AnswerLog;
  /** Ends the answer within a token; what was written is stored. Only the first reason counts. */
  end: (reason: EndReason) => void;
  /** Resolves when the answer has ended and is stored. */
  done: Promise<void>;
};

/** The answers that this process writes, by conversation. */
class RunningAnswers {
  private readonly byConversation = new Map<string, RunningAnswer>();
  /** Set when the server is going down: no answer starts. */
  closing = false;

  add(conversationId: string, answer: RunningAnswer): void {
    this.byConversation.set(conversationId, answer);
    void answer.done.finally(() => this.byConversation.delete(conversationId));
  }

  get(conversationId: string): RunningAnswer | undefined {
    return this.byConversation.get(conversationId);
  }

  has(messageId: string): boolean {
    return this.all().some((answer) => answer.messageId === messageId);
  }

  all(): RunningAnswer[] {
    return [...this.byConversation.values()];
  }
}

const holder = globalThis as typeof globalThis & { looktwiceAnswers?: RunningAnswers };

/** The process's running answers. Kept on `globalThis`, since Next.js may load this module once per route. */
export function runningAnswers(): RunningAnswers {
  holder.looktwiceAnswers ??= new RunningAnswers();
  return holder.looktwiceAnswers;
}

/** Stops the answer of a conversation and waits until it is stored. Returns its id, or null when none ran. */
export async function stopAnswer(conversationId: string): Promise<string | null> {
  const answer = runningAnswers().get(conversationId);
  if (answer === undefined) {
    return null;
  }
  answer.end('stopped');
  await answer.done;
  return answer.messageId;
}
