import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { InspectionPart } from '@/lib/contract';
import type { PartDetail, PartInfo } from '@/lib/parts/contract';
import { CorrectionBar } from '@/lib/workbench/parts/correction-bar';
import { teachingStore } from '@/lib/workbench/parts/open-part';
import { PartEditor } from '@/lib/workbench/parts/part-editor';
import { PartChip } from '@/lib/workbench/parts/part-chip';
import { loadAnswers } from '@/lib/workbench/client/api';
import { loadMenus } from '@/lib/workbench/ui/menu';

const id = (letter: string) => letter.repeat(22);
const part = (letter: string, name: string): PartInfo => ({
  ...{ id: id(letter), name, number: null, revision: null, material: null, shared: false, own: true },
  ...{ golden: 4, defects: 0, imageId: id('i'), bank: 'ready', threshold: 0.8, thresholdSet: false, version: 0 },
  updatedAt: '2026-11-30T09:00:00.000Z',
});
const parts = [part('a', 'Bottle neck'), part('b', 'Flange')];

const inspection = (change: Partial<InspectionPart>): InspectionPart => ({
  ...{ imageId: id('i'), inspectionId: id('n'), score: 0.9, bucket: 'highly', heatmapUrl: '/map', regions: [] },
  ...{ tiles: { columns: 0, rows: 0, significance: [] }, referenceIds: [], bundle: 'mini@1', ms: 1 },
  ...{ verdict: 'anomalous', probability: 0.9, foreignness: null, basis: { kind: 'zero-shot', count: 0 } },
  ...change,
});
const compared = inspection({
  basis: { kind: 'part', count: 6 },
  part: { id: id('a'), name: 'Bottle neck', samples: 6, how: 'recognised', likeness: 0.9, threshold: 0.8 },
});

const sent: { url: string; method: string; body: unknown }[] = [];
beforeEach(async () => {
  sent.length = 0;
  teachingStore.set(null);
  await Promise.all([loadMenus(), loadAnswers()]);
  global.fetch = jest.fn(async (url: string, init?: RequestInit) => {
    const method = init?.method ?? 'GET';
    sent.push({ url, method, body: init?.body === undefined ? null : JSON.parse(String(init.body)) });
    const outlook = (threshold: number) => ({ threshold, falseAlarms: 0.02, misses: 0.1 });
    const preview = { before: outlook(0.8), after: outlook(0.93), sampleKind: 'golden' };
    return Response.json(url === '/api/parts' ? { parts } : preview);
  }) as unknown as typeof fetch;
});

test('says what an image was compared with, and lets another part or none be chosen', async () => {
  const chosen: string[] = [];
  render(<PartChip inspection={compared} name="neck.png" disabled={false} onChoose={(each) => chosen.push(each)} />);
  expect(screen.getByText(/compared with 6 good samples of/)).toHaveTextContent('Bottle neck');
  const open = async () => {
    fireEvent.keyDown(screen.getByRole('button', { name: 'Change the part' }), { key: 'Enter' });
    return screen.findByRole('menu');
  };
  fireEvent.click(within(await open()).getByRole('menuitem', { name: /None/ }));
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  fireEvent.click(within(await open()).getByRole('menuitem', { name: 'Compare with Flange' }));
  expect(chosen).toEqual(['none', id('b')]);
});

test('says that an image was judged among those of its set', () => {
  const { rerender } = render(
    <PartChip
      inspection={inspection({ basis: { kind: 'set', count: 12 } })}
      name="x.png"
      disabled={false}
      onChoose={() => undefined}
    />,
  );
  expect(screen.getByText('judged among 12 images of its set')).toBeInTheDocument();
  rerender(<PartChip inspection={inspection({})} name="x.png" disabled={false} onChoose={() => undefined} />);
  expect(screen.getByText('judged alone')).toBeInTheDocument();
});

test('asks with the two nearest parts where it is unsure', async () => {
  const chosen: string[] = [];
  const unsure = inspection({
    partCandidates: parts.map(({ id: partId, name }) => ({ id: partId, name, likeness: 0.7 })),
  });
  render(<PartChip inspection={unsure} name="x.png" disabled={false} onChoose={(each) => chosen.push(each)} />);
  expect(await screen.findByText(/Which part is it/)).toBeInTheDocument();
  fireEvent.click(await screen.findByRole('button', { name: 'Flange' }));
  expect(chosen).toEqual([id('b')]);
});

test('a correction is stored once its consequence was shown and confirmed', async () => {
  render(<CorrectionBar inspection={compared} masks={[]} name="neck.png" />);
  fireEvent.click(screen.getByRole('button', { name: 'This is fine' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('0.800');
  expect(dialog).toHaveTextContent('0.930');
  expect(dialog).toHaveTextContent('2.0 % of good parts raise a false alarm');
  expect(sent.filter(({ url }) => url.endsWith('/corrections'))).toEqual([]);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Learn it' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const [stored] = sent.filter(({ url }) => url.endsWith('/corrections'));
  expect(stored).toMatchObject({
    method: 'POST',
    body: { kind: 'fine', imageId: id('i'), verdict: 'anomalous', score: 0.9 },
  });
});

test.each([true, false])('sharing a part is offered to its maker alone (own: %s)', async (own) => {
  const nothing = { threshold: null, falseAlarms: null, misses: null };
  const detail: PartDetail = {
    ...part('a', 'Bottle neck'),
    ...{ own, shared: true, notes: '', pxPerMm: null, area: null, samples: [], corrections: [] },
    outlook: { current: nothing, suggested: nothing, curve: [] },
  };
  global.fetch = jest.fn(() => Promise.resolve(Response.json(detail)));
  render(<PartEditor partId={id(own ? 'a' : 'b')} />);
  const box = await screen.findByRole('checkbox', { name: /^Everybody with an account here/ }, { timeout: 10_000 });
  expect(box).toHaveProperty('disabled', !own);
});

test('without a part an image can become a good sample of one', () => {
  render(<CorrectionBar inspection={inspection({})} masks={[]} name="neck 1.png" />);
  fireEvent.click(screen.getByRole('button', { name: 'This is a good one' }));
  expect(teachingStore.get()).toEqual({ imageIds: [id('i')], name: 'neck 1' });
});
