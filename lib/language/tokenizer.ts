import { readFile } from 'node:fs/promises';
import { Tokenizer as BpeTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import type { Bundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import type { Manifest } from '@/lib/engine/manifest';
import { tokenBytes } from './byte-level';

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), content: z.string() })),
  model: z.looseObject({
    vocab: z.record(z.string(), z.int().nonnegative()),
    merges: z.array(z.union([z.string(), z.array(z.string())])),
  }),
});

/** Ids of the control tokens, from the manifest. */
export type ControlTokens = Manifest['language']['tokens'];

/**
 * The byte-level BPE tokenizer of the language model. Text is data: `encode` never produces a control token, whatever
 * the text says; control tokens are put into a prompt by id only.
 */
export class Tokenizer {
  private constructor(
    private readonly bpe: BpeTokenizer,
    private readonly bytes: readonly Uint8Array[],
    readonly controls: ControlTokens,
    /** All control tokens of the vocabulary. */
    readonly controlIds: ReadonlySet<number>,
  ) {}

  /** @throws EngineError `model_unavailable` naming tokenizer.json */
  static async open(bundle: Bundle): Promise<Tokenizer> {
    try {
      const json: unknown = JSON.parse(await readFile(bundle.path('tokenizer.json'), 'utf8'));
      return Tokenizer.parse(json, bundle.manifest.language.tokens, bundle.manifest.language.vocab);
    } catch (error) {
      const reason = error instanceof z.ZodError ? 'it is no BPE tokenizer file' : messageOf(error);
      throw new EngineError('model_unavailable', `The model bundle's file tokenizer.json cannot be used: ${reason}.`);
    }
  }

  /** @throws Error when ids are not 0..vocab-1 */
  static parse(json: unknown, controls: ControlTokens, vocab: number): Tokenizer {
    const file = tokenizerSchema.parse(json);
    const controlIds = new Set(file.added_tokens.map(({ id }) => id));
    const bytes: Uint8Array[] = Array.from({ length: vocab }, () => new Uint8Array());
    for (const [token, id] of Object.entries(file.model.vocab)) {
      if (id >= vocab) {
        throw new Error(`token ${id} is outside the vocabulary of ${vocab}`);
      }
      if (!controlIds.has(id)) {
        bytes[id] = tokenBytes(token);
      }
    }
    // Without added tokens the library has nothing that it could recognise inside text, so that a typed <|im_end|> is
    // six ordinary tokens.
    const plain = Object.fromEntries(Object.entries(file.model.vocab).filter(([, id]) => !controlIds.has(id)));
    const bpe = new BpeTokenizer({ ...file, added_tokens: [], model: { ...file.model, vocab: plain } }, {});
    return new Tokenizer(bpe, bytes, controls, controlIds);
  }

  /**
   * Ids of a text's tokens, never a control token. Bytes that the vocabulary lacks (some control characters) are left
   * out.
   */
  encode(text: string): number[] {
    // Through bytes and back: a lone surrogate is no character and becomes U+FFFD.
    const { ids } = this.bpe.encode(Buffer.from(text).toString(), { add_special_tokens: false });
    return ids.filter((id) => Number.isInteger(id) && !this.controlIds.has(id));
  }

  /** The bytes of a token; none for a control token. */
  bytesOf(id: number): Uint8Array {
    return this.bytes[id] ?? new Uint8Array();
  }

  /** The text of a token sequence, without control tokens. */
  decode(ids: Iterable<number>): string {
    const parts = [...ids].map((id) => this.bytesOf(id));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts));
  }
}
