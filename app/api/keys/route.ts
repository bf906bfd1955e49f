import { keyCreateSchema } from '@/lib/auth/contract';
import { createKey, listKeys } from '@/lib/auth/keys';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'account' }, async ({ principal }) =>
  Response.json({ keys: await listKeys(principal) }),
);

export const POST = route({ access: 'account' }, async ({ request, principal, source }) => {
  const wanted = await readJson(request, keyCreateSchema);
  return Response.json(await createKey(principal, wanted, source), { status: 201 });
});
