import { act, renderHook } from '@testing-library/react';
import { useComparison } from '@/lib/workbench/image/use-comparison';
import { imageStore, rememberMessages, type KnownImage } from '@/lib/workbench/state/images';
import type { ChatMessage, SheetItem } from '@/lib/contract';

const image = (imageId: string, change: Partial<KnownImage> = {}): KnownImage => ({
  ...{ imageId, name: `${imageId}.png`, width: 9, height: 9, role: 'subject', conversationId: null, inspection: null },
  ...{ findings: [], masks: [], ...change },
});
const odd = image('odd', { nearestId: 'like' });
const comparison = (subject = odd) => renderHook(() => useComparison(subject)).result;

beforeEach(() => {
  jest.useFakeTimers();
  imageStore.set({
    other: image('other'),
    odd,
    good: image('good', { role: 'reference' }),
    like: image('like'),
  });
});
afterEach(() => jest.useRealTimers());

it('begins with the normal image of the set that is most like it, and else with a reference', () => {
  const result = comparison();
  expect(result.current.compared).toBeNull();
  act(() => result.current.toggle());
  expect(result.current.compared?.imageId).toBe('like');
  act(() => result.current.toggle());
  expect(result.current.compared).toBeNull();
  const plain = comparison(image('other'));
  act(() => plain.current.toggle());
  expect(plain.current.compared?.imageId).toBe('good');
});

it('goes from view to view, and shows the two in turns only while that is the view', () => {
  const result = comparison();
  const views = [];
  for (let press = 0; press < 5; press += 1) {
    act(() => result.current.nextView());
    views.push(result.current.view);
  }
  expect(views).toEqual(['divider', 'beside', 'blink', 'difference', 'divider']);
  act(() => result.current.setView('blink'));
  const seen = [];
  for (let tick = 0; tick < 4; tick += 1) {
    seen.push(result.current.flipped);
    act(() => void jest.advanceTimersByTime(700));
  }
  expect(seen).toEqual([false, true, false, true]);
  act(() => result.current.setView('difference'));
  act(() => void jest.advanceTimersByTime(700 * 3));
  expect(result.current.flipped).toBe(false);
});

it('knows from a sheet which image of its set is most like another', () => {
  const item: SheetItem = {
    ...{ imageId: 'other', inspectionId: 'n', score: 0.9, bucket: 'highly', verdict: 'anomalous', probability: 0.9 },
    ...{ foreignness: null, basis: { kind: 'set', count: 8 }, type: null, outline: null, nearestId: 'good' },
  };
  const message: ChatMessage = {
    ...{ id: 'a', role: 'assistant' },
    parts: [{ type: 'data-sheet', data: { items: [item], failed: [], subjectId: 'other' } }],
  };
  rememberMessages('c', [message]);
  expect(imageStore.get()['other']?.nearestId).toBe('good');
});
