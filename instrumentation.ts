/** Called by Next.js once when the server starts. */
export async function register(): Promise<void> {
  // Next.js replaces this with a constant, to leave the rest out elsewhere.
  // eslint-disable-next-line no-restricted-properties
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    // First, since modules read settings while they load.
    const { refuseWrongSettings } = await import('./lib/env/check');
    refuseWrongSettings();
    const { startServer } = await import('./lib/serve/startup');
    await startServer();
  }
}

/**
 * Called by Next.js for what a page throws; routes log by themselves (lib/http/route). The page that people see has the
 * digest, its answer the request's id.
 */
export async function onRequestError(
  error: unknown,
  request: { path: string; method: string; headers: Readonly<Record<string, string | string[] | undefined>> },
): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- as above
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { log } = await import('./lib/http/log');
    const digest: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'digest') : undefined;
    log.error(
      { requestId: request.headers['x-request-id'], method: request.method, digest, err: error },
      'a page failed',
    );
  }
}
