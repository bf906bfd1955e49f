import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { previewCorrectionSchema } from '@/lib/parts/contract';
import { previewCorrection } from '@/lib/parts/correct';

/** What a correction would do; nothing is stored. */
export const POST = route<{ id: string }, 'review'>({ access: 'review' }, async ({ request, params, principal }) =>
  Response.json(await previewCorrection(principal, params.id, await readJson(request, previewCorrectionSchema))),
);
