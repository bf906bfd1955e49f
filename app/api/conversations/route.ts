import { conversationCreateSchema, conversationListQuerySchema, newId } from '@/lib/contract';
import { createConversation, listConversations, readConversation } from '@/lib/assistant/conversations';
import { readJson, readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, async ({ request, principal }) =>
  Response.json(await listConversations(principal, readQuery(request, conversationListQuerySchema))),
);

export const POST = route({ access: 'chat' }, async ({ request, principal }) => {
  const { id = newId(), title } = await readJson(request, conversationCreateSchema);
  await createConversation(principal, id, title);
  return Response.json(await readConversation(principal, id), { status: 201 });
});
