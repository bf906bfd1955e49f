import { limits, type ImagePart, type StoredPart, type chatRequestSchema } from '@/lib/contract';
import { expandCommand } from '@/lib/contract/commands';
import { findImages } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { AppError, notFound } from '@/lib/http/app-error';
import type { z } from 'zod';

type Submitted = Extract<z.output<typeof chatRequestSchema>, { trigger: 'submit' }>['message'];

export type ReadQuestion = { text: string; parts: StoredPart[]; images: ImagePart[]; title: string };

const TITLE_LENGTH = 80;

/**
 * A title from what was asked: the name of the image (of a set the number of images), for the same question is asked of
 * many, then the first line, cut at a word.
 */
function titleOf(text: string, images: readonly ImagePart[]): string {
  const line = expandCommand(text).question.split('\n')[0]?.trim() ?? '';
  const subjects = images.filter(({ role }) => role === 'subject');
  const subject =
    subjects.length >= limits.set
      ? `${subjects.length} images`
      : ((subjects[0] ?? images[0])?.name.replace(/\.\w{1,5}$/, '') ?? '');
  const title = [subject, line].filter(Boolean).join(': ') || 'Image';
  return title.length <= TITLE_LENGTH ? title : `${title.slice(0, TITLE_LENGTH).replace(/\s+\S*$/, '')}…`;
}

/**
 * A user message as it is stored: texts, and images with the names and sizes that the server knows.
 * @throws AppError invalid_request when it is empty or too long, not_found for an image that the owner does not have
 */
export async function readQuestion(owner: Owner, message: Submitted): Promise<ReadQuestion> {
  const text = message.parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
  const wanted = message.parts.flatMap((part) => (part.type === 'data-image' ? [part.data] : []));
  if (text === '' && wanted.length === 0) {
    throw new AppError('invalid_request', 'The message is empty: write a question or attach an image');
  }
  if (text.length > limits.textLength) {
    throw new AppError('invalid_request', `The question has more than ${limits.textLength} characters: shorten it`);
  }
  if (new Set(wanted.map(({ imageId }) => imageId)).size !== wanted.length) {
    throw new AppError('invalid_request', 'The message has the same image twice: remove one');
  }
  const rows = new Map(
    (
      await findImages(
        owner,
        wanted.map(({ imageId }) => imageId),
      )
    ).map((row) => [row.id, row]),
  );
  const images = wanted.map(({ imageId, role }): ImagePart => {
    const row = rows.get(imageId);
    if (row === undefined) {
      throw notFound('image');
    }
    return { imageId, role, name: row.name, width: row.width, height: row.height };
  });
  const parts: StoredPart[] = images.map((data) => ({ type: 'data-image', data }));
  if (text !== '') {
    parts.push({ type: 'text', text });
  }
  return { text, parts, images, title: titleOf(text, images) };
}
