import type { z } from 'zod';
import type {
  ChecklistRequest,
  Conversation,
  ConversationPatch,
  ImageInfo,
  ImagePatch,
  InspectRequest,
  InspectResponse,
  StatusPart,
  ValueWindow,
} from '@/lib/contract';
import type * as Answers from './answers';
import { ApiError, OFFLINE_MESSAGE } from './api-error';
import { goTo } from './go-to';
import type { ShareCreate, SharePatch } from '@/lib/sharing/contract';

export { ApiError, OFFLINE_MESSAGE };

let loading: Promise<typeof Answers> | null = null;

/** The checks of answers, loaded once; a failed load is tried again. */
export function loadAnswers(): Promise<typeof Answers> {
  loading ??= import('./answers').catch(() => {
    loading = null;
    throw new ApiError(OFFLINE_MESSAGE, 'offline', 0);
  });
  return loading;
}

export const UNKNOWN_FORM_MESSAGE =
  'The server answered in a form this page does not know. Reload the page: it may be older than the server.';

/** Pages that work without a session, and say themselves what a 401 means. */
const OPEN_PAGES = ['/sign-in', '/invitation', '/s/'];

/** The session has ended: signs in again and comes back here. */
function leaveForSignIn(): void {
  const { pathname, search } = location;
  if (!OPEN_PAGES.some((open) => pathname.startsWith(open))) {
    goTo(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
  }
}

/** A call whose caller looks at the status itself. @throws ApiError when the server cannot be reached */
export async function reach(url: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(OFFLINE_MESSAGE, 'offline', 0);
  }
  if (response.status === 401) {
    leaveForSignIn();
  }
  return response;
}

/** A call whose answer is only looked at for its failure. @throws ApiError */
export async function request(url: string, init?: RequestInit): Promise<Response> {
  const response = await reach(url, init);
  if (!response.ok) {
    const { apiErrorOf } = await loadAnswers();
    throw apiErrorOf(response.status, await response.text());
  }
  return response;
}

/** A call whose answer is checked: against a schema, or one of those that `answers.ts` has. @throws ApiError */
export async function json<T>(
  schema: z.ZodType<T> | ((answers: typeof Answers) => z.ZodType<T>),
  url: string,
  init?: RequestInit,
): Promise<T> {
  const response = await request(url, init);
  const answers = await loadAnswers();
  // A body that breaks off is no answer.
  const body = await response.text().catch(() => {
    throw new ApiError(OFFLINE_MESSAGE, 'offline', 0);
  });
  const parsed = (typeof schema === 'function' ? schema(answers) : schema).safeParse(answers.parse(body));
  if (!parsed.success) {
    throw new ApiError(UNKNOWN_FORM_MESSAGE, 'unexpected', response.status);
  }
  return parsed.data;
}

/**
 * The lines of a body as they come. A broken connection ends them with `ApiError`, an abort with the abort's own error.
 */
export async function* readLines(response: Response, signal: AbortSignal): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    let chunk: ReadableStreamReadResult<string> | undefined;
    try {
      chunk = await reader?.read();
    } catch (error) {
      throw signal.aborted ? error : new ApiError(OFFLINE_MESSAGE, 'offline', 0);
    }
    if (chunk === undefined || chunk.done) {
      return;
    }
    const lines = (rest + chunk.value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

export const withBody = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const conversationUrl = (id: string) => `/api/conversations/${encodeURIComponent(id)}`;

const benchmarkUrl = (id: string) => `/api/benchmarks/${encodeURIComponent(id)}`;
const shareUrl = (id: string) => `/api/shares/${encodeURIComponent(id)}`;

/** Every call the workbench makes, checked against the contract. All reject with `ApiError`. */
export const api = {
  uploadImage: (file: File, signal?: AbortSignal): Promise<ImageInfo> =>
    json(({ imageSchema }) => imageSchema, `/api/images?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      headers: { 'content-type': file.type || 'application/octet-stream' },
      body: file,
      ...(signal ? { signal } : {}),
    }),
  image: (id: string) => json(({ imageSchema }) => imageSchema, `/api/images/${encodeURIComponent(id)}`),
  images: (query: string, cursor?: string) => {
    const params = new URLSearchParams({ limit: '60', ...(query ? { q: query } : {}), ...(cursor ? { cursor } : {}) });
    return json(({ imageListSchema }) => imageListSchema, `/api/images?${params}`);
  },
  imageValues: (id: string) =>
    json(({ imageValuesSchema }) => imageValuesSchema, `/api/images/${encodeURIComponent(id)}/values`),
  imagePage: (id: string, page: number): Promise<ImageInfo> =>
    json(({ imageSchema }) => imageSchema, `/api/images/${encodeURIComponent(id)}/pages`, withBody('POST', { page })),
  changeImage: (id: string, change: ImagePatch) =>
    request(`/api/images/${encodeURIComponent(id)}`, withBody('PATCH', change)),
  inspect: async (
    body: InspectRequest,
    { signal, onStatus }: { signal: AbortSignal; onStatus: (status: StatusPart) => void },
  ): Promise<InspectResponse> => {
    const init = withBody('POST', body);
    const headers = { ...init.headers, accept: 'application/x-ndjson' };
    const response = await request('/api/inspect', { ...init, headers, signal });
    const { inspectLineSchema, parse } = await loadAnswers();
    for await (const line of readLines(response, signal)) {
      const parsed = inspectLineSchema.safeParse(parse(line));
      if (!parsed.success) {
        throw new ApiError(UNKNOWN_FORM_MESSAGE, 'unexpected', response.status);
      }
      if ('error' in parsed.data) {
        const { code, message } = parsed.data.error;
        throw new ApiError(message, code, response.status);
      }
      if ('result' in parsed.data) {
        return parsed.data.result;
      }
      onStatus(parsed.data.status);
    }
    throw new ApiError('The server ended before the inspection did. Inspect the image again.', 'offline', 0);
  },
  inspection: (id: string): Promise<InspectResponse> =>
    json(({ inspectResponseSchema }) => inspectResponseSchema, `/api/inspections/${encodeURIComponent(id)}`),
  conversations: (query: string, cursor?: string) => {
    const params = new URLSearchParams({ limit: '50', ...(query ? { q: query } : {}), ...(cursor ? { cursor } : {}) });
    return json(({ conversationListSchema }) => conversationListSchema, `/api/conversations?${params}`);
  },
  conversation: (id: string): Promise<Conversation> =>
    json(({ conversationSchema }) => conversationSchema, conversationUrl(id)),
  patchConversation: (id: string, change: ConversationPatch) => request(conversationUrl(id), withBody('PATCH', change)),
  deleteConversation: (id: string) =>
    json(({ conversationDeletedSchema }) => conversationDeletedSchema, conversationUrl(id), { method: 'DELETE' }),
  restoreConversation: (id: string) => request(`${conversationUrl(id)}/restore`, { method: 'POST' }),
  stop: (id: string) =>
    json(({ stopResponseSchema }) => stopResponseSchema, `/api/chat/${encodeURIComponent(id)}/stop`, {
      method: 'POST',
    }),
  tick: (body: ChecklistRequest) => request('/api/checklist', withBody('POST', body)),
  benchmarks: () => json(({ benchmarkListSchema }) => benchmarkListSchema, '/api/benchmarks'),
  benchmark: (id: string) => json(({ benchmarkSchema }) => benchmarkSchema, benchmarkUrl(id)),
  deleteBenchmark: (id: string) => request(benchmarkUrl(id), { method: 'DELETE' }),
  shares: (conversationId?: string) =>
    json(
      ({ shareListSchema }) => shareListSchema,
      `/api/shares${conversationId ? `?conversationId=${encodeURIComponent(conversationId)}` : ''}`,
    ),
  createShare: (body: ShareCreate) =>
    json(({ shareCreatedSchema }) => shareCreatedSchema, '/api/shares', withBody('POST', body)),
  changeShare: (id: string, change: SharePatch) =>
    json(({ shareSchema }) => shareSchema, shareUrl(id), withBody('PATCH', change)),
  revokeShare: (id: string) => request(shareUrl(id), { method: 'DELETE' }),
  forkShare: (token: string) =>
    json(({ shareForkedSchema }) => shareForkedSchema, `/api/shared/${encodeURIComponent(token)}/fork`, {
      method: 'POST',
    }),
  /** A branch as Markdown, without its pictures. */
  markdown: async (conversationId: string, leaf?: string) =>
    (await request(`${exportUrl(conversationId, 'md', leaf)}&pictures=0`)).text(),
  engines: () => json(({ enginesResponseSchema }) => enginesResponseSchema, '/api/engines'),
  allowEngine: (name: string, allowed: boolean) =>
    json(
      ({ enginesResponseSchema }) => enginesResponseSchema,
      `/api/engines/${encodeURIComponent(name)}/consent`,
      withBody('POST', { allowed }),
    ),
  testEngine: (name: string) =>
    json(({ engineTestSchema }) => engineTestSchema, `/api/engines/${encodeURIComponent(name)}/test`, {
      method: 'POST',
    }),
  status: () => json(({ statusResponseSchema }) => statusResponseSchema, '/api/status'),
};

/**
 * Address of an image's pixels, `width` being rounded up to a stored variant; without it, the full size.
 * @param window shows these values of a deep image black and white, instead of those that the server keeps
 */
export function imageUrl(imageId: string, width?: number, window?: ValueWindow): string {
  const query = new URLSearchParams({
    ...(width ? { w: String(width) } : {}),
    ...(window ? { low: String(window.low), high: String(window.high) } : {}),
  });
  return `/api/images/${encodeURIComponent(imageId)}/content${query.size > 0 ? `?${query}` : ''}`;
}

export function maskUrl(maskId: string, format: 'png' | 'coco'): string {
  return `/api/masks/${encodeURIComponent(maskId)}?format=${format}`;
}

export function exportUrl(conversationId: string, format: 'md' | 'json' | 'pdf', leaf?: string): string {
  return `${conversationUrl(conversationId)}/export?format=${format}${leaf ? `&leaf=${encodeURIComponent(leaf)}` : ''}`;
}

/** Address of an example's picture in a benchmark run; `version` makes a run that replaces another fetch its own. */
export function benchmarkPictureUrl(
  id: string,
  index: number,
  picture: 'picture' | 'heatmap',
  version: string,
): string {
  return `${benchmarkUrl(id)}/examples/${index}/${picture}?v=${encodeURIComponent(version)}`;
}
