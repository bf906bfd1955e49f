import { AppError } from './app-error';
import { limitBytes } from './body';

/** Room for the frame of a multipart body around its file. */
const FRAME_BYTES = 64 * 1024;

export type Upload = { source: AsyncIterable<Uint8Array>; name: string | null };

async function readMultipart(request: Request, body: ReadableStream<Uint8Array>, limit: number): Promise<Upload> {
  const chunks = limitBytes(body, limit + FRAME_BYTES);
  const limited = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done === true) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      } catch (error) {
        controller.error(error);
      }
    },
  });
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  let file: FormDataEntryValue | null;
  try {
    file = (await new Response(limited, { headers }).formData()).get('file');
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError('invalid_request', 'The multipart body is damaged or incomplete', { cause: error });
  }
  if (file === null || typeof file === 'string') {
    throw new AppError('invalid_request', 'The multipart body has no file field named "file"');
  }
  return { source: file.stream() as unknown as AsyncIterable<Uint8Array>, name: file.name };
}

/**
 * The one file of an upload: a raw body, named by `?name=`, or the field `file` of a multipart body.
 * @throws AppError invalid_request when there is none
 */
export async function readUpload(request: Request, limit: number): Promise<Upload> {
  if (request.body === null) {
    throw new AppError('invalid_request', 'The request has no body: send the image');
  }
  if (/^multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '')) {
    return readMultipart(request, request.body, limit);
  }
  return {
    source: request.body as unknown as AsyncIterable<Uint8Array>,
    name: new URL(request.url).searchParams.get('name'),
  };
}
