import { FindingGuard } from '@/lib/turn/local/finding-guard';
import { loadTokenizer } from '../language/load-tokenizer';

const tokenizer = loadTokenizer();

/** The words of a sentence that cannot be said where they stand. */
function bannedIn(sentence: string, { isKnown = true, question = 'Are you sure?' } = {}): string[] {
  const guard = new FindingGuard(tokenizer, isKnown, question);
  const words: string[] = [];
  for (const id of tokenizer.encode(sentence)) {
    const text = tokenizer.decode([id]);
    if (guard.banned().includes(id)) {
      words.push(text.trim());
    }
    guard.text(text);
  }
  return words;
}

describe('a follow-up about a finding that was shown', () => {
  it.each([
    ['I see no anomaly on the part.', 'anomaly'],
    ['I looked twice and found nothing.', 'nothing'],
    ['No, nothing stands out.', 'stands'],
    ['The reason: I see no defect on the panel.', 'defect'],
    ['The part looks normal.', 'normal'],
  ])('cannot deny it: %s', (sentence, word) => {
    expect(bannedIn(sentence)).toEqual([word]);
  });

  it.each([
    'I see no scratch; the marked area looks like a crack.',
    'Nothing else is marked; the rest looks normal.',
    'No other region stands out.',
    'Perhaps: the mask shows what deviates, whatever the reason.',
    'The marked area is not normal.',
  ])('may say: %s', (sentence) => {
    expect(bannedIn(sentence)).toEqual([]);
  });

  it('may say no to a question about a place or the rest', () => {
    expect(bannedIn('No, I see no defect there.', { question: 'Is there a defect in the upper left?' })).toEqual([]);
    expect(bannedIn('No, I see no defect elsewhere.', { question: 'And the rest?' })).toEqual([]);
  });

  it('is free where nothing was found', () => {
    expect(bannedIn('I see no anomaly.', { isKnown: false })).toEqual([]);
  });
});
