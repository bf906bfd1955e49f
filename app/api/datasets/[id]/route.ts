import { changeDataset } from '@/lib/database/datasets';
import { changeDatasetSchema } from '@/lib/datasets/contract';
import { deleteDataset } from '@/lib/datasets/delete-set';
import { readDatasetDetail, requireDataset } from '@/lib/datasets/sets';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

type Params = { id: string };

export const GET = route<Params, 'read'>({ access: 'read' }, async ({ params, principal }) =>
  Response.json(await readDatasetDetail(principal, params.id)),
);

export const PATCH = route<Params, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  const change = await readJson(request, changeDatasetSchema);
  await requireDataset(principal, params.id);
  await changeDataset(principal, params.id, change);
  return Response.json(await readDatasetDetail(principal, params.id));
});

export const DELETE = route<Params, 'curate'>({ access: 'curate' }, async ({ params, principal, source }) => {
  await deleteDataset(principal, params.id, source);
  return new Response(null, { status: 204 });
});
