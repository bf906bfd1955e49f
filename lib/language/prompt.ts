import type { Tokenizer } from './tokenizer';

/** A run of input vectors that are no tokens (image tokens, anomaly tokens). */
export type EmbeddingRun = {
  kind: 'embeddings';
  /** Names the content: two runs with the same key hold the same vectors, so the KV cache of one serves the other. */
  key: string;
  /** [count, width], row-major. */
  rows: Float32Array;
  count: number;
};

/** Part of a message. Text is untrusted; control tokens come by id. Pinned parts survive trimming. */
export type PromptPart = ({ kind: 'text'; text: string } | { kind: 'control'; id: number } | EmbeddingRun) & {
  pinned?: boolean;
};

export type PromptMessage = { role: 'system' | 'user' | 'assistant'; parts: PromptPart[] };

/** Input positions of the model in order: token ids, or rows of an embedding run. */
export type PositionSource = { id: number } | { run: EmbeddingRun; row: number };

/** What a position holds, for comparing sequences: equal keys mean equal input vectors. */
export type PositionKey = number | string;

export function positionKey(source: PositionSource): PositionKey {
  return 'id' in source ? source.id : `${source.run.key}#${source.row}`;
}

/**
 * Positions of message parts. Neighbouring texts are encoded as one, as in training, so that a token may span them.
 */
export function encodeParts(parts: readonly PromptPart[], tokenizer: Tokenizer): PositionSource[] {
  const positions: PositionSource[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') {
      positions.push(...tokenizer.encode(text).map((id) => ({ id })));
      text = '';
    }
  };
  for (const part of parts) {
    if (part.kind === 'text') {
      text += part.text;
      continue;
    }
    flush();
    if (part.kind === 'control') {
      positions.push({ id: part.id });
    } else {
      for (let row = 0; row < part.count; row += 1) {
        positions.push({ run: part, row });
      }
    }
  }
  flush();
  return positions;
}

/** One message in ChatML: `<|im_start|>{role}\n{content}<|im_end|>\n`. */
export function encodeMessage({ role, parts }: PromptMessage, tokenizer: Tokenizer): PositionSource[] {
  const { imStart, imEnd } = tokenizer.controls;
  return encodeParts(
    [
      { kind: 'control', id: imStart },
      { kind: 'text', text: `${role}\n` },
      ...parts,
      { kind: 'control', id: imEnd },
      { kind: 'text', text: '\n' },
    ],
    tokenizer,
  );
}

/** The opening of the answer: `<|im_start|>assistant\n`, and what the answer is made to begin with. */
export function encodeAnswerStart(tokenizer: Tokenizer, beginning: readonly PromptPart[] = []): PositionSource[] {
  return encodeParts(
    [{ kind: 'control', id: tokenizer.controls.imStart }, { kind: 'text', text: 'assistant\n' }, ...beginning],
    tokenizer,
  );
}
