import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { mutate } from 'swr';
import type { ChatMessage, EngineInfo } from '@/lib/contract';
import { registerSession } from '@/lib/workbench/chat/session-registry';
import { ChatSession } from '@/lib/workbench/chat/session';
import { agreementText, describeAnswer, latestOfEach, overlapOf } from '@/lib/workbench/engines/agreement';
import { AnswersEditor } from '@/lib/workbench/engines/answers-editor';
import { CompareButton } from '@/lib/workbench/engines/compare-button';
import { rememberMessages } from '@/lib/workbench/state/images';
import { layoutStore } from '@/lib/workbench/state/layout';
import { loadMenus } from '@/lib/workbench/ui/menu';
import { answer, id, mask, question } from './sample-data';

const asked = { name: 'seer', label: 'The seer', model: 'seer-1', host: 'seer.example.com', fallback: null };
const other: ChatMessage = {
  ...answer,
  id: id('o'),
  parts: [
    { type: 'data-engine', data: asked },
    ...answer.parts.filter(({ type }) => type === 'data-inspection'),
    { type: 'data-mask', data: { ...mask, rle: { size: [4, 4], counts: [5, 4, 7] } } },
    { type: 'text', text: 'No, the part looks normal.' },
    { type: 'data-timings', data: { tokens: 0, firstTokenMs: 1500, totalMs: 2000, tokensPerSecond: 40 } },
  ],
};

describe('what a comparison says', () => {
  it('names who wrote and in what time', () => {
    expect(describeAnswer(other)).toMatchObject({
      engine: 'seer',
      label: 'The seer',
      verdict: 'no',
      firstWordMs: 1500,
      totalMs: 2000,
    });
    expect(describeAnswer(answer)).toMatchObject({
      engine: null,
      label: 'Embedded',
      verdict: 'yes',
      firstWordMs: null,
    });
  });

  it('measures how much the marks overlap', () => {
    expect(overlapOf(answer, other)).toBe(0.5);
    expect(overlapOf(answer, answer)).toBe(1);
    expect(overlapOf(answer, { ...other, parts: [] })).toBeNull();
  });

  it('says whether they agree', () => {
    const both = [describeAnswer(answer), describeAnswer(other)];
    expect(agreementText(both)).toBe('They differ: Embedded says anomalous, The seer says normal.');
    expect(agreementText([describeAnswer(answer), describeAnswer(answer)])).toBe('All say the same: anomalous.');
    expect(agreementText([describeAnswer({ ...answer, parts: [] })])).toMatch(/^Fewer than two/);
  });

  it('takes the latest answer of each engine, at most four', () => {
    const again = { ...answer, id: id('b') };
    expect(latestOfEach([answer, other, again]).map(({ message }) => message.id)).toEqual([other.id, again.id]);
    const many = Array.from({ length: 6 }, (_, i): ChatMessage => ({
      ...other,
      id: id(String(i)),
      parts: [{ type: 'data-engine', data: { ...asked, name: `e${i}`, label: `E${i}` } }],
    }));
    expect(latestOfEach(many)).toHaveLength(4);
  });
});

describe('in the page', () => {
  let session: ChatSession;
  beforeAll(() => Promise.all([loadMenus(), import('@/lib/workbench/chat/markdown')]));
  beforeEach(() => {
    session = new ChatSession(id('c'), true);
    session.state.set((state) => ({ ...state, tree: [question, answer, other] }));
    registerSession(session);
    rememberMessages(id('c'), [question, answer, other]);
  });

  it('shows the answers side by side with times, marks and whether they agree', async () => {
    render(<AnswersEditor conversationId={id('c')} questionId={id('q')} />);
    expect(screen.getByRole('heading', { name: 'Is anything wrong?' })).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('They differ: Embedded says anomalous, The seer says normal.');
    const seer = screen.getByRole('region', { name: 'The seer' });
    expect(seer).toHaveTextContent('first word 1.5 s · all 2.0 s · marks overlap with Embedded: 50 %');
    expect(await within(seer).findByText('No, the part looks normal.')).toBeInTheDocument();
    expect(
      within(screen.getByRole('region', { name: 'Embedded' })).getByRole('region', { name: 'Findings' }),
    ).toBeInTheDocument();
  });

  it('asks another engine too, once it is allowed, and opens the comparison', async () => {
    const engine = (name: string, kind: EngineInfo['kind'], allowed: boolean): EngineInfo => ({
      ...{ name, label: name, kind, model: null, host: null, images: true, fallback: false, allowed },
    });
    const engines = [engine('embedded', 'embedded', true), engine('seer', 'remote', true)];
    await act(() => mutate('engines', { engines, problem: null }, { revalidate: false }));
    const ask = jest.spyOn(session, 'askAlso').mockResolvedValue();
    render(<CompareButton session={session} message={answer} disabled={false} />);
    await userEvent.click(screen.getByRole('button', { name: 'Compare engines' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Ask seer too' }));
    expect(ask).toHaveBeenCalledWith(id('q'), 'seer', false);
    expect(layoutStore.get().groups[0]?.tabs.at(-1)).toMatchObject({ kind: 'answers', questionId: id('q') });
  });
});
