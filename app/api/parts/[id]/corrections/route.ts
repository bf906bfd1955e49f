import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { correctionSchema } from '@/lib/parts/contract';
import { correct } from '@/lib/parts/correct';

export const POST = route<{ id: string }, 'review'>({ access: 'review' }, async ({ request, params, principal }) =>
  Response.json(await correct(principal, params.id, await readJson(request, correctionSchema)), { status: 201 }),
);
