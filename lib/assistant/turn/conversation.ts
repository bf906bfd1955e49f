import type { InspectionState } from '@/lib/anomaly/state';
import type { PromptMessage, PromptPart } from '@/lib/language';
import { type AnswerPiece, type TurnContext, readContext } from './context';
import { suspicionWord } from './suspicion';
import type { TurnMessage } from './types';

/** The vectors that stand for one inspected image in the prompt (docs/design/model.md, "One turn"); pinned, so never trimmed. */
export function imageParts(state: InspectionState, width: number, doubts = false): PromptPart[] {
  const key = `${state.image.sha256}:${state.referenceCount}:${state.score}`;
  const run = (name: string, rows: Float32Array): PromptPart => ({
    kind: 'embeddings',
    key: `${name}:${key}`,
    rows,
    count: rows.length / width,
    pinned: true,
  });
  const plural = state.referenceCount === 1 ? '' : 's';
  const hint =
    state.referenceCount > 0 ? ` Compared with ${state.referenceCount} normal reference image${plural}.` : '';
  return [
    run('image', state.imageTokens),
    { kind: 'text', text: ` with ${suspicionWord(state, doubts)} suspicious features:`, pinned: true },
    run('anomaly', state.anomalyTokens),
    { kind: 'text', text: `${hint}\n`, pinned: true },
  ];
}

/** An answer as it stood in the context: what was said token by token, what was spliced as text. */
export function answerParts(pieces: readonly AnswerPiece[]): PromptPart[] {
  return pieces.flatMap((piece): PromptPart[] =>
    'tokens' in piece ? piece.tokens.map((id) => ({ kind: 'control', id })) : [{ kind: 'text', text: piece.spliced }],
  );
}

export type ReadMessage =
  | {
      role: 'user';
      message: Extract<TurnMessage, { role: 'user' }>;
      splice: string;
      /** One per image of the message, filled by `lookAtImages`. */
      looks: InspectionState[];
    }
  | { role: 'assistant'; text: string; context: TurnContext | null };

/** The branch with each answer's context read, and each question's playbook splice taken from the answer that followed it. */
export function readBranch(messages: readonly TurnMessage[]): ReadMessage[] {
  return messages.map((message, index): ReadMessage => {
    if (message.role === 'assistant') {
      return { role: 'assistant', text: message.text, context: readContext(message.context) };
    }
    const next = messages[index + 1];
    const context = next?.role === 'assistant' ? readContext(next.context) : null;
    return { role: 'user', message, splice: context?.questionSplice ?? '', looks: [] };
  });
}

/** The prompt of a branch: system, questions with their images and splices, answers as they were. */
export function buildPrompt(
  branch: readonly ReadMessage[],
  options: { system: string; width: number; splice: string; doubts: boolean },
): PromptMessage[] {
  const last = branch.length - 1;
  const messages = branch.map((read, index): PromptMessage => {
    if (read.role === 'assistant') {
      const parts: PromptPart[] =
        read.context === null ? [{ kind: 'text', text: read.text }] : answerParts(read.context.pieces);
      return { role: 'assistant', parts };
    }
    const shown = read.looks.flatMap((state) => imageParts(state, options.width, options.doubts));
    const splice = index === last ? options.splice : read.splice;
    return {
      role: 'user',
      parts: [
        ...shown,
        { kind: 'text', text: read.message.text },
        ...(splice === '' ? [] : [{ kind: 'text' as const, text: splice }]),
      ],
    };
  });
  return [{ role: 'system', parts: [{ kind: 'text', text: options.system }] }, ...messages];
}
