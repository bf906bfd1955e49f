import { readAuditLog } from '@/lib/auth/audit-log';
import { auditQuerySchema } from '@/lib/auth/contract';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'administer' }, async ({ request }) =>
  Response.json(await readAuditLog(readQuery(request, auditQuerySchema))),
);
