import { engineConsentSchema } from '@/lib/contract';
import { describeEngines } from '@/lib/assistant/engines';
import { allow, disallow } from '@/lib/engines/consent';
import { findEngine } from '@/lib/engines/registry';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ name: string }, 'administer'>(
  { access: 'administer' },
  async ({ request, principal, params, source }) => {
    const { allowed } = await readJson(request, engineConsentSchema);
    const engine = await findEngine(params.name);
    if (engine.kind === 'remote') {
      await (allowed ? allow(principal, engine, null, source) : disallow(principal, engine, source));
    }
    return Response.json(await describeEngines());
  },
);
