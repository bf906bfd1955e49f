import fc from 'fast-check';
import { limits } from '@/lib/contract';
import { refuse } from '@/lib/workbench/chat/drafts';
import { completionAt } from '@/lib/workbench/chat/completion-at';
import { splitBlocks } from '@/lib/workbench/chat/split-blocks';
import { newSentences } from '@/lib/workbench/chat/use-announcer';

describe('completionAt', () => {
  it('completes commands at the start, images anywhere', () => {
    expect(completionAt('/im', 3)).toEqual({ kind: 'slash', query: 'im', start: 0, end: 3 });
    expect(completionAt('see /im', 7)).toBeNull();
    expect(completionAt('see #coo', 8)).toEqual({ kind: 'image', query: 'coo', start: 4, end: 8 });
    expect(completionAt('no.#5', 5)).toBeNull();
  });
});

describe('splitBlocks', () => {
  it('splits at blank lines, not inside fences or lists', () => {
    expect(splitBlocks('One.\n\nTwo.')).toHaveLength(2);
    expect(splitBlocks('```\na\n\nb\n```\n\nend')).toHaveLength(2);
    expect(splitBlocks('- a\n\n- b\n\nend')).toHaveLength(2);
  });

  it('loses no line', () => {
    const line = fc.constantFrom('', 'text', '- item', '  more', '```', '1. one', '| a | b |');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const markdown = lines.join('\n');
        const words = (text: string) => text.split('\n').filter((part) => part.trim() !== '');
        expect(splitBlocks(markdown).flatMap(words)).toEqual(words(markdown));
      }),
    );
  });

  it('changes only the last block while text grows', () => {
    const before = splitBlocks('First paragraph.\n\nSecond gro');
    const after = splitBlocks('First paragraph.\n\nSecond grows on.');
    expect(after[0]).toBe(before[0]);
  });
});

describe('newSentences', () => {
  it('gives whole sentences once', () => {
    const first = newSentences('Yes, there is a crack. It runs', 0);
    expect(first.speech).toBe('Yes, there is a crack.');
    expect(newSentences('Yes, there is a crack. It runs', first.said).speech).toBe('');
    expect(newSentences('Yes, there is a crack. It runs left.', first.said).speech).toBe('It runs left.');
  });

  it('does not stop inside a number', () => {
    expect(newSentences('It covers 3.2 % of the image', 0).speech).toBe('');
  });
});

describe('refuse', () => {
  it('names the file and the limit before anything is sent', () => {
    expect(refuse({ name: 'a.png', size: 0 })).toBe('"a.png" is empty.');
    expect(refuse({ name: 'b.tif', size: limits.imageBytes + 1 })).toContain('may have 64 MB');
    expect(refuse({ name: 'c.jpg', size: 1000 })).toBeNull();
  });
});
