import { createDatasetSchema } from '@/lib/datasets/contract';
import { newDataset, readDatasets } from '@/lib/datasets/sets';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, async ({ principal }) =>
  Response.json({ datasets: await readDatasets(principal) }),
);

export const POST = route({ access: 'curate' }, async ({ request, principal }) => {
  const { name } = await readJson(request, createDatasetSchema);
  return Response.json(await newDataset(principal, name), { status: 201 });
});
