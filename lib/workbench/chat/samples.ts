import { notify } from '../ui/notify';
import { attachKnown, setDraftText, uploadFile, type ImageRole } from './drafts';

/** A first question to try, with images that the app ships (licences: public/samples/LICENSES.md). */
export type Sample = {
  id: string;
  title: string;
  hint: string;
  prompt: string;
  images: readonly { file: string; role: ImageRole }[];
};

export const samples: readonly Sample[] = [
  {
    id: 'cookie',
    title: 'A cracked cookie',
    hint: 'Is anything wrong, and where?',
    prompt: 'Is there any anomaly in this image? If so, describe it and show where it is.',
    images: [{ file: 'cracked-cookie.jpg', role: 'subject' }],
  },
  {
    id: 'cube',
    title: 'A marked cube',
    hint: 'Compared with a normal one',
    prompt: 'Compare this image with the normal reference. What is different?',
    images: [
      { file: 'marked-cube.jpg', role: 'subject' },
      { file: 'clean-cube.jpg', role: 'reference' },
    ],
  },
  {
    id: 'normal',
    title: 'A whole cookie',
    hint: 'A good part should pass',
    prompt: 'Is there any anomaly in this image? If so, describe it and show where it is.',
    images: [{ file: 'whole-cookie.jpg', role: 'subject' }],
  },
];

export function sampleUrl(file: string): string {
  return `/samples/${file}`;
}

/** Puts a sample into the draft of a conversation, ready to send. */
export async function takeSample(conversationId: string, sample: Sample): Promise<void> {
  try {
    for (const { file, role } of sample.images) {
      const response = await fetch(sampleUrl(file));
      if (!response.ok) {
        throw new Error(`The sample image "${file}" is not on the server.`);
      }
      const info = await uploadFile(new File([await response.blob()], file, { type: 'image/jpeg' }));
      attachKnown(conversationId, { imageId: info.id, name: info.name }, role);
    }
    setDraftText(conversationId, sample.prompt);
    document.querySelector<HTMLTextAreaElement>('[data-composer]')?.focus();
  } catch (error) {
    notify.error(error instanceof Error ? error.message : String(error));
  }
}
