import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Composer } from '@/lib/workbench/chat/composer';
import { draftOf, draftStore, type Attachment } from '@/lib/workbench/chat/drafts';
import { waitingStore } from '@/lib/workbench/chat/send-when-arrived';
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

it('leaves the Enter that confirms a candidate of an input method alone, in Safari too (case u01)', async () => {
  await userEvent.type(box(), 'kizu');
  fireEvent.keyDown(box(), { key: 'Enter', code: 'Enter', keyCode: 229, isComposing: false });
  fireEvent.keyDown(box(), { key: 'Enter', code: 'Enter', keyCode: 13, isComposing: true });
  expect(draft().text).toBe('kizu');
});

it('keeps all of a long paste and says that it is too long (case u02)', async () => {
  await userEvent.click(box());
  await userEvent.paste(`${'A'.repeat(9000)}END`);
  expect(draft().text).toHaveLength(9003);
  expect(screen.getByRole('status')).toHaveTextContent('9,003 characters, 1,003 more than a question may have');
  expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
  await userEvent.clear(box());
  expect(screen.getByRole('status')).toHaveTextContent('');
});

describe('Enter while an image is on its way', () => {
  const uploading: Attachment = { key: 'k', name: 'a.png', role: 'subject', state: { kind: 'uploading' } };
  const put = (attachment: Attachment) =>
    act(() => draftStore.set({ [id('c')]: { text: 'What is this?', attachments: [attachment] } }));
  const press = (key: string) => userEvent.type(box(), `{${key}}`);
  const isWaiting = () => waitingStore.get()[id('c')] !== undefined;

  it('is kept until it has arrived, and said', async () => {
    put(uploading);
    await press('Enter');
    expect(isWaiting()).toBe(true);
    expect(screen.getByRole('status')).toHaveTextContent('Sends when the images have arrived');
    await press('Escape');
    expect(isWaiting()).toBe(false);
  });

  it('sends the question with the image once it has arrived', async () => {
    const asked: string[] = [];
    const fetched = jest.fn((address: RequestInfo | URL, init?: RequestInit) => {
      asked.push(`${String(address)} ${String(init?.body)}`);
      return Promise.reject(new TypeError('no server in this test'));
    });
    Object.assign(globalThis, { fetch: fetched });
    put(uploading);
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(isWaiting()).toBe(true);
    expect(asked).toEqual([]);
    put({ ...uploading, state: { kind: 'ready', imageId: image.imageId } });
    expect(isWaiting()).toBe(false);
    await waitFor(() => expect(asked.find((request) => request.startsWith('/api/chat '))).toBeDefined());
    const sent = asked.find((request) => request.startsWith('/api/chat ')) ?? '';
    expect(sent).toContain('What is this?');
    expect(sent).toContain(image.imageId);
  });

  it('sends nothing when the upload fails, or the question is changed meanwhile', async () => {
    put(uploading);
    await press('Enter');
    put({ ...uploading, state: { kind: 'failed', message: 'No', file: new File([], 'a.png') } });
    expect(isWaiting()).toBe(false);
    expect(draft().text).toBe('What is this?');
    put(uploading);
    await press('Enter');
    await userEvent.type(box(), ' And where?');
    expect(isWaiting()).toBe(false);
  });
});
