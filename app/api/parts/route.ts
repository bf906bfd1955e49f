import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { createPartSchema } from '@/lib/parts/contract';
import { readPartDetail, readParts } from '@/lib/parts/describe';
import { newPart } from '@/lib/parts/manage';

export const GET = route({ access: 'read' }, async ({ principal }) =>
  Response.json({ parts: await readParts(principal) }),
);

export const POST = route({ access: 'curate' }, async ({ request, principal }) => {
  const { id } = await newPart(principal, await readJson(request, createPartSchema));
  return Response.json(await readPartDetail(principal, id), { status: 201 });
});
