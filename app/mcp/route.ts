import { route } from '@/lib/handler/route';
import { answerMcp, refuseMcp } from '@/lib/mcp/http';

export const POST = route(
  { access: 'chat', rate: { name: 'mcp', burst: 400, perMinute: 240 } },
  ({ request, principal }) => answerMcp(principal, request),
);

export const GET = route({ access: 'read' }, refuseMcp);
export const DELETE = route({ access: 'chat' }, refuseMcp);
