import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { AnswerMessage } from '@/lib/workbench/chat/answer-message';
import { ChatSession } from '@/lib/workbench/chat/session';
import { imageStore, rememberMessages } from '@/lib/workbench/state/images';
import { layoutStore } from '@/lib/workbench/state/layout';
import { revealStore } from '@/lib/workbench/state/viewer';
import { answer, id, question } from './sample-data';

function renderAnswer(message = answer) {
  const session = new ChatSession(id('c'), true);
  session.state.set((state) => ({ ...state, tree: [question, message] }));
  rememberMessages(id('c'), [question, message]);
  render(<AnswerMessage session={session} message={message} streaming={false} busy={false} />);
}

// Loaded on demand by the answer; here it should not race the clock.
beforeAll(() => import('@/lib/workbench/chat/markdown'));
beforeEach(() => imageStore.set({}));

it('shows the image with its score, and the mask in words', async () => {
  renderAnswer();
  expect(await screen.findByText('crack', { selector: 'strong' })).toBeInTheDocument();
  expect(screen.getByRole('figure', { name: /One region is marked. 1: crack, upper left/ })).toBeInTheDocument();
  expect(screen.getByText('Highly suspicious')).toBeInTheDocument();
});

it('opens the image at a finding', async () => {
  renderAnswer();
  const card = screen.getByRole('region', { name: 'Findings' });
  await userEvent.click(within(card).getByRole('button', { name: /Show the crack/ }));
  expect(revealStore.get()).toMatchObject({ imageId: id('i'), regionId: 'r1', bbox: [10, 20, 30, 40] });
  expect(layoutStore.get().groups[0]?.tabs.at(-1)).toMatchObject({ kind: 'image', imageId: id('i') });
});

it('says why an answer failed', () => {
  renderAnswer({
    ...answer,
    parts: [],
    metadata: {
      parentId: id('q'),
      createdAt: '2026-01-01T00:00:01.000Z',
      state: 'failed',
      error: { code: 'model_unavailable', message: 'The model is not installed: see the README.' },
    },
  });
  expect(screen.getByText('The model is not installed: see the README.')).toBeInTheDocument();
});

it('counts the branches of an answer that was written again', () => {
  const again = { ...answer, id: id('b') };
  const session = new ChatSession(id('c'), true);
  session.state.set((state) => ({ ...state, tree: [question, answer, again] }));
  rememberMessages(id('c'), [question, again]);
  render(<AnswerMessage session={session} message={again} streaming={false} busy={false} />);
  const branches = screen.getByRole('group', { name: 'Branches' });
  expect(branches).toHaveTextContent('2 / 2');
  expect(within(branches).getByRole('button', { name: 'Next branch' })).toBeDisabled();
});
