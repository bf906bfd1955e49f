import fc from 'fast-check';
import { newId } from '@/lib/contract';
import { coalesce, foldParts, unfoldParts, type ChatChunk } from '@/lib/assistant/answers/chunks';

const delta = (id: string, text: string): ChatChunk => ({ type: 'text-delta', id, delta: text });

test('joins neighbouring deltas of one text only', () => {
  const status: ChatChunk = { type: 'data-status', data: { stage: 'writing' }, transient: true };
  expect(coalesce([delta('0', 'a'), delta('0', 'b'), status, delta('0', 'c'), delta('1', 'd')])).toEqual([
    delta('0', 'ab'),
    status,
    delta('0', 'c'),
    delta('1', 'd'),
  ]);
});

test('coalescing changes nothing of what the chunks add up to', () => {
  const chunk = fc.oneof(
    fc.record({ type: fc.constant('text-start' as const), id: fc.constantFrom('0', '1') }),
    fc.record({ type: fc.constant('text-delta' as const), id: fc.constantFrom('0', '1'), delta: fc.string() }),
    fc.constant<ChatChunk>({ type: 'data-followups', data: [{ label: 'Why?', prompt: 'Why?', topic: 'cause' }] }),
  );
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      expect(foldParts(coalesce(chunks))).toEqual(foldParts(chunks));
    }),
  );
});

test('keeps the order of texts and data parts, drops status, first looks, empty texts and what the contract does not know', () => {
  const imageId = newId();
  const chunks: ChatChunk[] = [
    { type: 'start', messageId: newId() },
    { type: 'data-status', data: { stage: 'queued', position: 2 }, transient: true },
    { type: 'data-glance', data: { imageId, heatmap: 'data:image/png;base64,' }, transient: true },
    { type: 'text-start', id: '0' },
    delta('0', 'Yes, '),
    { type: 'data-findings', data: { imageId, items: [] } },
    delta('0', 'a scratch.'),
    { type: 'text-end', id: '0' },
    { type: 'text-start', id: '1' },
    { type: 'data-findings', data: { imageId: 'not an id', items: [] } },
    { type: 'finish' },
  ];
  const parts = foldParts(chunks);
  expect(parts).toEqual([
    { type: 'text', text: 'Yes, a scratch.' },
    { type: 'data-findings', data: { imageId, items: [] } },
  ]);
  expect(foldParts(unfoldParts(parts))).toEqual(parts);
});
