import fc from 'fast-check';
import { type EmbeddingRun, type PromptMessage, encodeMessage } from '@/lib/language/prompt';
import { trimToBudget } from '@/lib/language/trim';
import { loadTokenizer } from './load-tokenizer';

const tokenizer = loadTokenizer();
const image: EmbeddingRun = { kind: 'embeddings', key: 'image-a', rows: new Float32Array(5 * 576), count: 5 };
const say = (role: PromptMessage['role'], text: string): PromptMessage => ({ role, parts: [{ kind: 'text', text }] });
const system = say('system', 'You inspect images.');
const withImage: PromptMessage = {
  role: 'user',
  parts: [
    { ...image, pinned: true },
    { kind: 'text', text: 'Are there any defects in this picture of a part?' },
  ],
};
const size = (messages: PromptMessage[]) => messages.flatMap((message) => encodeMessage(message, tokenizer)).length;
const last = say('user', 'What caused it?');

describe('trimToBudget', () => {
  it('leaves a conversation that fits as it is', () => {
    const messages = [system, withImage, say('assistant', 'Yes.'), last];
    const { positions, dropped } = trimToBudget(messages, 500, tokenizer);
    expect(positions).toEqual(messages.flatMap((message) => encodeMessage(message, tokenizer)));
    expect(dropped).toBe(0);
  });

  it('drops the oldest text first and never an image, the system prompt or the question', () => {
    const answers = Array.from({ length: 8 }, (_, i) => [
      say('assistant', `Answer number ${i}, with some words in it.`),
      say('user', `Question number ${i}, with some words in it.`),
    ]).flat();
    const messages = [system, withImage, ...answers, last];
    fc.assert(
      fc.property(fc.integer({ min: 45, max: size(messages) }), (budget) => {
        const { positions } = trimToBudget(messages, budget, tokenizer);
        expect(positions.length).toBeLessThanOrEqual(budget);
        expect(positions.filter((source) => 'run' in source)).toHaveLength(image.count);
        const text = tokenizer.decode(positions.flatMap((source) => ('id' in source ? [source.id] : [])));
        expect(text).toContain('You inspect images.');
        expect(text).toContain('What caused it?');
        const kept = answers.flatMap(({ parts }, i) =>
          parts.some((part) => part.kind === 'text' && text.includes(part.text)) ? [i] : [],
        );
        // What remains is an unbroken end of the conversation.
        expect(kept).toEqual(kept.map((_, i) => answers.length - kept.length + i));
      }),
    );
  });

  it('says how long a question may be when it does not fit', () => {
    expect(() => trimToBudget([system, say('user', 'word '.repeat(500))], 100, tokenizer)).toThrow(
      /takes \d+ tokens, at most 100 fit/,
    );
  });
});
