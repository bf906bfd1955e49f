import { findEngine } from '@/lib/engines/registry';
import { testEngine } from '@/lib/engines/test-engine';
import { route } from '@/lib/handler/route';

export const POST = route<{ name: string }, 'administer'>(
  { access: 'administer', rate: { name: 'engine-test', burst: 10, perMinute: 10 } },
  async ({ request, params }) => Response.json(await testEngine(await findEngine(params.name), request.signal)),
);
