/** Called by Next.js once when the server starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { startServer } = await import('./lib/assistant/server/startup');
    await startServer();
  }
}
