import { notFound } from '@/lib/http/app-error';
import { route } from '@/lib/handler/route';

/** Addresses below /api that are no route: the refusal has the form of every other. */
const refuse = route({ access: 'public' }, () => {
  throw notFound('address below /api');
});

export const GET = refuse;
export const POST = refuse;
export const PUT = refuse;
export const PATCH = refuse;
export const DELETE = refuse;
