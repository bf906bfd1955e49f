import type { InspectionState } from '@/lib/anomaly/state';
import type { PromptMessage, PromptPart, Tokenizer } from '@/lib/language';
import type { ReadMessage } from '../branch';
import type { AnswerPiece } from '../context';
import { suspicionWord } from '../suspicion';

/**
 * The vectors that stand for one inspected image in the prompt (docs/design/model.md, "One turn"); pinned, so never
 * trimmed.
 */
function imageParts(state: InspectionState, width: number, doubts = false): PromptPart[] {
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
function answerParts(pieces: readonly AnswerPiece[]): PromptPart[] {
  return pieces.flatMap((piece): PromptPart[] =>
    'tokens' in piece ? piece.tokens.map((id) => ({ kind: 'control', id })) : [{ kind: 'text', text: piece.spliced }],
  );
}

/** The prompt of a branch: system, questions with their images and splices, answers as they were. */
export function buildPrompt(
  branch: readonly ReadMessage<InspectionState>[],
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

/** An answer with its `<seg>` and what was spliced, readable. */
export function transcriptOf(pieces: readonly AnswerPiece[], tokenizer: Tokenizer): string {
  const { seg } = tokenizer.controls;
  const wordsOf = (ids: readonly number[]) => (seg !== undefined && ids[0] === seg ? '<seg>' : tokenizer.decode(ids));
  return pieces.map((piece) => ('tokens' in piece ? wordsOf(piece.tokens) : piece.spliced)).join('');
}
