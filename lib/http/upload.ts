import { AppError } from './app-error';
import { keepInMemory } from './buffer-budget';
import { receive } from './receive';

/** Room for the frame of a multipart body around its file. */
const FRAME_BYTES = 64 * 1024;

export type Upload = { source: AsyncIterable<Uint8Array>; name: string | null };

/** The file of a multipart body; it is in memory as a whole, twice for a moment. */
async function readMultipart(request: Request, limit: number): Promise<Upload> {
  const chunks = receive(request, limit + FRAME_BYTES);
  const releases: (() => void)[] = [];
  const limited = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done === true) {
          controller.close();
        } else {
          releases.push(keepInMemory(2 * value.byteLength));
          controller.enqueue(value);
        }
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await chunks.return(undefined);
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
  } finally {
    releases.forEach((release) => release());
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
    return readMultipart(request, limit);
  }
  return {
    source: receive(request, limit),
    name: new URL(request.url).searchParams.get('name'),
  };
}
