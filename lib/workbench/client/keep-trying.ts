import type { Revalidator, RevalidatorOptions } from 'swr';

const AGAIN_MS = 3000;

/** For SWR, which stops polling after an error. A server that was away comes back: asks again every three seconds. */
export const keepTrying = {
  onErrorRetry: (
    _error: unknown,
    _key: string,
    _config: unknown,
    revalidate: Revalidator,
    { retryCount }: Required<RevalidatorOptions>,
  ): void => {
    setTimeout(() => void revalidate({ retryCount }), AGAIN_MS);
  },
};
