import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Composer } from '@/lib/workbench/chat/composer';
import { draftOf, draftStore } from '@/lib/workbench/chat/drafts';
import { imageStore } from '@/lib/workbench/state/images';
import { id, image } from './sample-data';

const draft = () => draftOf(draftStore.get(), id('c'));

beforeEach(() => {
  draftStore.set({});
  imageStore.set({ [image.imageId]: image });
  render(<Composer conversationId={id('c')} started={false} answering={false} />);
});

const box = () => screen.getByRole('combobox', { name: 'Question' });

it('completes a slash command with the keyboard', async () => {
  await userEvent.type(box(), '/');
  expect(screen.getAllByRole('option')).toHaveLength(5);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(draft().text).toBe('/segment ');
  expect(screen.queryByRole('listbox')).toBeNull();
});

it('completes an image, and attaches it when the conversation has not seen it', async () => {
  await userEvent.type(box(), 'see #par');
  await userEvent.keyboard('{Tab}');
  expect(draft().text).toBe('see #part.png ');
  expect(draft().attachments).toMatchObject([{ state: { kind: 'ready', imageId: id('i') } }]);
});

it('leaves the caret to who types on right after a completion', async () => {
  await userEvent.type(box(), 'see #par');
  await userEvent.keyboard('{Tab}#p');
  await new Promise((frame) => requestAnimationFrame(frame));
  await userEvent.keyboard('ar');
  expect(draft().text).toBe('see #part.png #par');
  expect(screen.getByRole('option')).toHaveTextContent('#part.png');
});

it('closes the completions with Escape and keeps the text', async () => {
  await userEvent.type(box(), '/im');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(draft().text).toBe('/im');
});

it('has nothing to send while it is empty', () => {
  expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
});

it('refuses an empty file with a sentence, and lets it be removed', async () => {
  await userEvent.upload(
    screen.getByLabelText('Attach images', { selector: 'input' }),
    new File([], 'empty.png', { type: 'image/png' }),
  );
  expect(screen.getByRole('alert')).toHaveTextContent('"empty.png" is empty.');
  await userEvent.click(screen.getByRole('button', { name: 'Remove empty.png' }));
  expect(draft().attachments).toHaveLength(0);
});
