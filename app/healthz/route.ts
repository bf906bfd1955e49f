import { route } from '@/lib/http/route';

/** The process answers. */
export const GET = route({ access: 'public' }, () => Response.json({ status: 'ok' }));
