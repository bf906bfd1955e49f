import { route } from '@/lib/handler/route';

/** The process answers. */
export const GET = route({ access: 'public' }, () => Response.json({ status: 'ok' }));
