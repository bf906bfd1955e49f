import fc from 'fast-check';
import type { ChatMessage } from '@/lib/contract';
import { branchTo, mergeMessages, newestLeaf, siblingsOf, textOf } from '@/lib/workbench/chat/tree';

const message = (id: string, parentId: string | null, role: 'user' | 'assistant', text = id): ChatMessage => ({
  id,
  role,
  parts: [{ type: 'text', text }],
  metadata: { parentId, createdAt: '2026-01-01T00:00:00.000Z', state: 'complete' },
});

const tree = [
  message('q1', null, 'user'),
  message('a1', 'q1', 'assistant'),
  message('q2', 'a1', 'user'),
  message('a2', 'q2', 'assistant'),
  message('q2b', 'a1', 'user'),
  message('a2b', 'q2b', 'assistant'),
  message('a1b', 'q1', 'assistant'),
];
const ids = (messages: readonly ChatMessage[]) => messages.map(({ id }) => id);
const get = (id: string) => tree.find((candidate) => candidate.id === id) ?? message(id, null, 'user');

describe('branches', () => {
  it('follow parents up from the leaf', () => {
    expect(ids(branchTo(tree, 'a2b'))).toEqual(['q1', 'a1', 'q2b', 'a2b']);
    expect(branchTo(tree, null)).toEqual([]);
    expect(branchTo(tree, 'gone')).toEqual([]);
  });

  it('list the siblings of an edit and of a regeneration', () => {
    expect(ids(siblingsOf(tree, get('q2')))).toEqual(['q2', 'q2b']);
    expect(ids(siblingsOf(tree, get('a1b')))).toEqual(['a1', 'a1b']);
    expect(ids(siblingsOf(tree, message('new', 'q1', 'assistant')))).toEqual(['a1', 'a1b', 'new']);
  });

  it('end in the newest leaf', () => {
    expect(newestLeaf(tree, 'a1')).toBe('a2b');
    expect(newestLeaf(tree, 'q2')).toBe('a2');
  });

  it('never loop, whatever parents a broken store names', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.option(id)), { maxLength: 8 }), id, (pairs, leaf) => {
        const messages = pairs.map(([own, parent]) => message(own, parent, 'user'));
        const branch = branchTo(messages, leaf);
        expect(new Set(ids(branch)).size).toBe(branch.length);
        expect(typeof newestLeaf(messages, leaf)).toBe('string');
      }),
    );
  });
});

describe('mergeMessages', () => {
  it('replaces in place and appends what is new', () => {
    const changed = message('a1', 'q1', 'assistant', 'changed');
    const merged = mergeMessages(tree, [changed, message('z', 'a1', 'user')]);
    expect(ids(merged)).toEqual([...ids(tree), 'z']);
    expect(merged[1]).toBe(changed);
  });
});

it('textOf joins text parts only', () => {
  expect(
    textOf({
      id: 'x',
      role: 'assistant',
      parts: [
        { type: 'text', text: 'One. ' },
        { type: 'data-followups', data: [] },
        { type: 'text', text: 'Two.' },
      ],
    }),
  ).toBe('One. \n\nTwo.');
});
