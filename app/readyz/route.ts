import { readReadiness } from '@/lib/serve/readiness';
import { route } from '@/lib/handler/route';

/**
 * 200 when questions can be answered: model loaded, database written to, room on the disk, not about to end; 503
 * otherwise. Says no more, since everybody may ask.
 */
export const GET = route({ access: 'public' }, async () => {
  const readiness = await readReadiness();
  const ready = Object.values(readiness).every(Boolean);
  return Response.json({ status: ready ? 'ready' : 'not ready', ...readiness }, { status: ready ? 200 : 503 });
});
