/** Called by Next.js once when the server starts. */
export async function register(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- Next.js replaces this with a constant, to leave the rest out elsewhere
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    // First, since modules read settings while they load.
    const { refuseWrongSettings } = await import('./lib/env/check');
    refuseWrongSettings();
    const { startServer } = await import('./lib/assistant/server/startup');
    await startServer();
  }
}
