import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { changePartSchema } from '@/lib/parts/contract';
import { readPartDetail } from '@/lib/parts/describe';
import { deletePart, editPart } from '@/lib/parts/manage';

type Params = { id: string };

export const GET = route<Params, 'read'>({ access: 'read' }, async ({ params, principal }) =>
  Response.json(await readPartDetail(principal, params.id)),
);

export const PATCH = route<Params, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  await editPart(principal, params.id, await readJson(request, changePartSchema));
  return Response.json(await readPartDetail(principal, params.id));
});

export const DELETE = route<Params, 'curate'>({ access: 'curate' }, async ({ params, principal, source }) => {
  await deletePart(principal, params.id, source);
  return new Response(null, { status: 204 });
});
