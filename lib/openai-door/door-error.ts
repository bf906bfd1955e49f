import type { z } from 'zod';
import type { ErrorCode } from '@/lib/contract';
import { AppError } from '@/lib/http/app-error';
import type { doorErrorSchema } from './contract';

type DoorErrorBody = z.infer<typeof doorErrorSchema>;

type Details = { code?: ErrorCode; param?: string; openAiCode?: string };

/** A refusal that names the field of the request, as OpenAI's API does. */
export class DoorError extends AppError {
  static override readonly kind = 'DoorError';
  readonly param: string | undefined;
  readonly openAiCode: string | undefined;

  constructor(message: string, { code = 'invalid_request', param, openAiCode }: Details = {}) {
    super(code, message);
    this.param = param;
    this.openAiCode = openAiCode;
  }
}

/** Codes that clients of OpenAI's API know under another name. */
const CODES: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'invalid_api_key',
  too_many_requests: 'rate_limit_exceeded',
  internal: 'server_error',
};

function typeOf(status: number): DoorErrorBody['error']['type'] {
  if (status === 403) {
    return 'permission_error';
  }
  if (status === 429) {
    return 'rate_limit_error';
  }
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** A refusal as clients of OpenAI's API read it. */
export function doorErrorBody(error: AppError, requestId: string): DoorErrorBody {
  const { param, openAiCode } = error instanceof DoorError ? error : { param: undefined, openAiCode: undefined };
  return {
    error: {
      message: error.message,
      type: typeOf(error.status),
      param: param ?? null,
      code: openAiCode ?? CODES[error.code] ?? error.code,
      request_id: requestId,
    },
  };
}
