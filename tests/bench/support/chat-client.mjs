/** A client of the chat API without a browser: uploads, asks, and reads the answer's stream. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';

export const newId = () => randomBytes(16).toString('base64url');

/** An error answer of the server, with its sentence. */
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

export async function send(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({ error: {} }));
    throw new Refused(response.status, error.code ?? 'none', error.message ?? '');
  }
  return response;
}

export const post = (url, body) =>
  send(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const sample = readFile(new URL('../../../public/samples/cracked-cookie.jpg', import.meta.url));

/**
 * A photo that the server has not seen: the sample at another size and brightness, so that no answer comes from a
 * cache.
 */
export async function freshPhoto(width = 480) {
  const [a, b] = randomBytes(2);
  return sharp(await sample)
    .resize({ width: width + (a % 64) })
    .modulate({ brightness: 0.9 + b / 1280 })
    .jpeg({ quality: 88 })
    .toBuffer();
}

export async function upload(url, bytes, name = 'part.jpg') {
  return (await send(`${url}/api/images?name=${name}`, { method: 'POST', body: bytes })).json();
}

/**
 * Asks; `onStart` is called once the server has taken the question, `onPart` with every part of the stream as it comes.
 * Ends with the stream.
 */
export async function ask(url, { conversationId, parentId = null, text, imageIds = [], settings }, hooks = {}) {
  const [messageId, answerId] = [newId(), newId()];
  const parts = [
    { type: 'text', text },
    ...imageIds.map((imageId) => ({ type: 'data-image', data: { imageId, role: 'subject' } })),
  ];
  const response = await post(`${url}/api/chat`, {
    ...{ conversationId, trigger: 'submit', parentId, answerId, settings },
    message: { id: messageId, role: 'user', parts },
  });
  hooks.onStart?.({ messageId, answerId });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ') && line !== 'data: [DONE]') {
        hooks.onPart?.(JSON.parse(line.slice(6)));
      }
    }
  }
  return { messageId, answerId };
}
