import { stopAnswer } from '@/lib/assistant/answers/running-answers';
import { conversationPatchSchema } from '@/lib/contract';
import { changeConversation, deleteConversation, readConversation } from '@/lib/assistant/conversations';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

type Params = { id: string };

export const GET = route<Params, 'read'>({ access: 'read' }, async ({ principal, params }) =>
  Response.json(await readConversation(principal, params.id)),
);

export const PATCH = route<Params, 'chat'>({ access: 'chat' }, async ({ request, principal, params }) => {
  await changeConversation(principal, params.id, await readJson(request, conversationPatchSchema));
  return Response.json(await readConversation(principal, params.id));
});

export const DELETE = route<Params, 'chat'>({ access: 'chat' }, async ({ principal, params, source }) => {
  const undoUntil = await deleteConversation(principal, params.id, source);
  await stopAnswer(params.id);
  return Response.json({ id: params.id, undoUntil: undoUntil.toISOString() });
});
