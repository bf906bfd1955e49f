import { checklistRequestSchema } from '@/lib/contract';
import { tickItem } from '@/lib/assistant/conversations';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route({ access: 'chat' }, async ({ request, principal }) => {
  const tick = await readJson(request, checklistRequestSchema);
  await tickItem(principal, tick);
  return Response.json(tick);
});
