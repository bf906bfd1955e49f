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
 * Positions of message parts. Each text is encoded by itself, as in training, where parts are put together in the same
 * way.
 */
export function encodeParts(parts: readonly PromptPart[], tokenizer: Tokenizer): PositionSource[] {
  return parts.flatMap((part): PositionSource[] => {
    switch (part.kind) {
      case 'text':
        return tokenizer.encode(part.text).map((id) => ({ id }));
      case 'control':
        return [{ id: part.id }];
      case 'embeddings':
        return Array.from({ length: part.count }, (_, row) => ({ run: part, row }));
    }
  });
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
