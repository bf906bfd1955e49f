import { api } from '../client/api';
import { rememberImage } from '../state/images';
import { notify } from '../ui/notify';
import { type Attachment, changeAttachment, type Stack } from './drafts';

/**
 * Attaches another page of a stack in the place of the one that is attached. Until it has come, the attachment counts
 * as on its way.
 */
export async function choosePage(conversationId: string, key: string, stack: Stack, page: number): Promise<void> {
  let before: Attachment['state'] | undefined;
  changeAttachment(conversationId, key, (attachment) => {
    before = attachment.state;
    return { ...attachment, state: { kind: 'uploading' } };
  });
  let after = before;
  try {
    const info = await api.imagePage(stack.imageId, page);
    rememberImage(info);
    after = { kind: 'ready', imageId: info.id, stack: { ...stack, page } };
  } catch (error) {
    notify.error(error instanceof Error ? error.message : String(error));
  }
  changeAttachment(conversationId, key, (attachment) => ({ ...attachment, state: after ?? attachment.state }));
}
