import { type TurnContext } from '@/lib/turn/context';
import { readBranch } from '@/lib/turn/branch';
import { findSubject } from '@/lib/turn/subject';
import type { TurnImage, TurnMessage } from '@/lib/turn/types';

const image = (id: string): TurnImage => ({ id, name: `${id}.png`, source: { path: `/${id}.png` } });
const [a, b, c] = [image('a'), image('b'), image('c')];
const ask = (...images: TurnImage[]): TurnMessage => ({ role: 'user', text: 'Any defect?', images, references: [] });
const answer = (judged: string[], found?: string): TurnMessage => {
  const context: TurnContext = {
    transcript: '',
    questionSplice: '',
    pieces: [],
    judged,
    finding:
      found === undefined
        ? null
        : { imageId: found, type: 'crack', material: 'unknown', severity: 'moderate', evidence: '' },
  };
  return { role: 'assistant', text: '', context };
};
const scores: Record<string, number> = { a: 0.2, b: 0.9, c: 0.4 };
const find = (messages: TurnMessage[], focus: string | null = null) => {
  const subject = findSubject(readBranch(messages), focus, (id) => scores[id] ?? 0);
  return subject && { id: subject.image.id, first: subject.isFirstLook, known: subject.known?.imageId ?? null };
};

describe('findSubject', () => {
  it('is the most suspicious of the images that the question brings', () => {
    expect(find([ask(a, b, c)])).toEqual({ id: 'b', first: true, known: null });
  });

  it('stays the image that was judged, not the latest of its message', () => {
    const branch = [ask(a, b, c), answer(['b'], 'b'), ask()];
    expect(find(branch)).toEqual({ id: 'b', first: false, known: 'b' });
  });

  it('is the image that the question names, which gets its verdict then', () => {
    const branch = [ask(a, b, c), answer(['b'], 'b'), ask()];
    expect(find(branch, 'c')).toEqual({ id: 'c', first: true, known: null });
  });

  it('has no finding of another image', () => {
    const branch = [ask(b), answer(['b'], 'b'), ask(a), answer(['a']), ask()];
    expect(find(branch)).toEqual({ id: 'a', first: false, known: null });
    expect(find(branch, 'b')).toEqual({ id: 'b', first: false, known: 'b' });
  });

  it('is judged again when it is looked at again, with references', () => {
    expect(find([ask(a), answer(['a']), ask(a)])).toEqual({ id: 'a', first: true, known: null });
  });

  it('is the latest image when no answer has judged one, and none without images', () => {
    expect(find([ask(a), { role: 'assistant', text: 'Stopped', context: null }, ask()])).toMatchObject({
      id: 'a',
      first: true,
    });
    expect(find([ask()])).toBeUndefined();
  });
});
