import { limits } from '@/lib/contract/limits';
import { OFFLINE_MESSAGE } from '../client/api-error';
import { imageStore } from '../state/images';
import { notify } from '../ui/notify';
import { clearDraft, draftOf, draftStore } from './drafts';
import { openSession } from './open-session';
import type { SessionPart } from './chat-request';

const FIRST_QUESTION = 'Is there any anomaly in this image? If so, describe it and show where it is.';

const SET_QUESTION = 'Which of these images stand out?';

/**
 * Sends what is written and attached; images alone ask the first question of all. If not even the code that sends can
 * be loaded, the draft stays where it is.
 */
export async function sendDraft(conversationId: string): Promise<void> {
  let session;
  try {
    session = await openSession(conversationId);
  } catch {
    notify.error(OFFLINE_MESSAGE);
    return;
  }
  const draft = draftOf(draftStore.get(), conversationId);
  const known = imageStore.get();
  const refs = draft.attachments.flatMap(({ state, role }) =>
    state.kind === 'ready' ? [{ imageId: state.imageId, role }] : [],
  );
  if (draft.text.trim() === '' && refs.length === 0) {
    // Sent already, by a second click while the code was loading.
    return;
  }
  const images = refs.flatMap(({ imageId, role }) => {
    const image = known[imageId];
    return image
      ? [
          {
            type: 'data-image' as const,
            data: { imageId, role, name: image.name, width: image.width, height: image.height },
          },
        ]
      : [];
  });
  const subjects = refs.filter(({ role }) => role === 'subject').length;
  // Commands are sent as they are: the server expands them, and `/compare` chooses the references.
  const parts: SessionPart[] = [
    ...refs.map((data) => ({ type: 'data-image' as const, data })),
    { type: 'text', text: draft.text.trim() || (subjects >= limits.set ? SET_QUESTION : FIRST_QUESTION) },
  ];
  clearDraft(conversationId);
  await session.submit(parts, images);
}
