import { readConversation, restoreConversation } from '@/lib/assistant/conversations';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string }, 'chat'>({ access: 'chat' }, async ({ principal, params }) => {
  await restoreConversation(principal, params.id);
  return Response.json(await readConversation(principal, params.id));
});
