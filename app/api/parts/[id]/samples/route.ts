import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { addSamplesSchema } from '@/lib/parts/contract';
import { readPartDetail } from '@/lib/parts/describe';
import { addSamples } from '@/lib/parts/manage';

export const POST = route<{ id: string }, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  await addSamples(principal, params.id, await readJson(request, addSamplesSchema));
  return Response.json(await readPartDetail(principal, params.id), { status: 201 });
});
