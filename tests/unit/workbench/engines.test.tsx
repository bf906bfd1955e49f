import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { mutate } from 'swr';
import type { EngineInfo, NoticePart } from '@/lib/contract';
import { AnswerMessage } from '@/lib/workbench/chat/answer-message';
import { ChatSession } from '@/lib/workbench/chat/session';
import { ConsentDialog } from '@/lib/workbench/engines/consent-dialog';
import { EnginePicker } from '@/lib/workbench/engines/engine-picker';
import { consentStore, engineRequest, engineSent, engineStore, rememberEngine } from '@/lib/workbench/state/engines';
import { loadMenus } from '@/lib/workbench/ui/menu';
import { answer, id } from './sample-data';

const embedded: EngineInfo = {
  name: 'embedded',
  label: 'Embedded',
  kind: 'embedded',
  model: null,
  host: null,
  images: true,
  fallback: false,
  allowed: true,
};
const seer: EngineInfo = {
  ...embedded,
  name: 'seer',
  label: 'The seer',
  kind: 'remote',
  model: 'seer-1',
  host: 'seer.example.com',
  allowed: false,
};

async function show(engines: EngineInfo[]) {
  await act(() => mutate('engines', { engines, problem: null }, { revalidate: false }));
  render(
    <>
      <EnginePicker conversationId={id('c')} disabled={false} />
      <ConsentDialog />
    </>,
  );
}
const openMenu = () => userEvent.click(screen.getByRole('button', { name: /^Engine: / }));
const pick = async (name: RegExp) => {
  await openMenu();
  await userEvent.click(await screen.findByRole('menuitemcheckbox', { name }));
};

beforeAll(() => Promise.all([loadMenus(), import('@/lib/workbench/chat/markdown')]));
beforeEach(() => {
  engineStore.set({});
  consentStore.set(null);
});

it('offers no choice where there is none', async () => {
  await show([embedded]);
  expect(screen.queryByRole('button')).toBeNull();
});

it('asks for consent with the host before a conversation may go there, and sends it with the next question', async () => {
  await show([embedded, seer]);
  await pick(/The seer \(seer\.example\.com\)/);
  expect(engineRequest(id('c'))).toEqual({});
  const dialog = screen.getByRole('dialog', { name: 'Let The seer see this conversation?' });
  expect(dialog).toHaveTextContent('seer.example.com');
  expect(dialog).toHaveTextContent('Not sent: file names');
  await userEvent.click(screen.getByRole('button', { name: 'Allow for this conversation' }));
  expect(engineRequest(id('c'))).toEqual({ engine: 'seer', allowEngine: true });
  expect(screen.getByRole('button', { name: 'Engine: The seer' })).toBeInTheDocument();
  expect(engineRequest(id('d'))).toEqual({});
  act(() => engineSent(id('c'), engineRequest(id('c'))));
  expect(engineRequest(id('c'))).toEqual({});
  await pick(/Embedded/);
  await pick(/The seer/);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(engineRequest(id('c'))).toEqual({ engine: 'seer' });
});

it('changes nothing when the person keeps the conversation here', async () => {
  await show([embedded, seer]);
  await pick(/The seer/);
  await userEvent.click(screen.getByRole('button', { name: 'Keep it here' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByRole('button', { name: 'Engine: Embedded' })).toBeInTheDocument();
  expect(engineRequest(id('c'))).toEqual({});
});

it('does not ask for what is allowed for the workspace', async () => {
  await show([embedded, { ...seer, allowed: true }]);
  await pick(/The seer/);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(engineRequest(id('c'))).toEqual({ engine: 'seer' });
});

it('follows the server, but keeps a choice that was not sent yet', async () => {
  rememberEngine(id('c'), { engine: 'seer', allowedEngines: ['seer'] });
  await show([embedded, seer]);
  expect(screen.getByRole('button', { name: 'Engine: The seer' })).toBeInTheDocument();
  await pick(/Embedded/);
  act(() => rememberEngine(id('c'), { engine: 'seer', allowedEngines: ['seer'] }));
  expect(engineRequest(id('c'))).toEqual({ engine: null });
});

it('keeps what is chosen while a question is on its way', async () => {
  await show([embedded, { ...seer, allowed: true }, { ...seer, name: 'other', label: 'The other' }]);
  await pick(/The seer/);
  const sent = engineRequest(id('c'));
  await pick(/The other/);
  await userEvent.click(screen.getByRole('button', { name: 'Allow for this conversation' }));
  act(() => engineSent(id('c'), sent));
  expect(engineRequest(id('c'))).toEqual({ engine: 'other', allowEngine: true });
});

describe('an answer of an engine elsewhere', () => {
  const notice: NoticePart = {
    kind: 'disagreement',
    imageId: id('i'),
    text: 'The seer sees nothing wrong, the expert finds the picture anomalous (0.87).',
    action: null,
  };
  const asked = { name: 'seer', label: 'The seer', model: 'seer-1', host: 'seer.example.com' };
  const showAnswer = (fallback: { to: string; reason: string } | null) => {
    const message = {
      ...answer,
      parts: [
        { type: 'data-engine' as const, data: { ...asked, fallback: null } },
        ...answer.parts,
        { type: 'data-notice' as const, data: notice },
        ...(fallback === null ? [] : [{ type: 'data-engine' as const, data: { ...asked, fallback } }]),
      ],
    };
    render(<AnswerMessage session={new ChatSession(id('c'), true)} message={message} streaming={false} busy={false} />);
  };

  it('says whom it asked, and where both do not say the same', () => {
    showAnswer(null);
    expect(screen.getByText('Asked The seer: seer-1 at seer.example.com')).toBeInTheDocument();
    expect(screen.getByRole('note')).toHaveTextContent(notice.text);
  });

  it('says that it failed, and who wrote instead', () => {
    showAnswer({ to: 'embedded', reason: 'The seer failed by itself (500).' });
    expect(
      screen.getByText('The seer failed by itself (500). The embedded model answered instead.'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/^Asked/)).toBeNull();
  });
});
