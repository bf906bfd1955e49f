import { memberPatchSchema } from '@/lib/auth/contract';
import { changeMember } from '@/lib/auth/members';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const PATCH = route<{ id: string }, 'administer'>(
  { access: 'administer' },
  async ({ request, principal, params, source }) =>
    Response.json(await changeMember(principal, params.id, await readJson(request, memberPatchSchema), source)),
);
