import { route } from '@/lib/handler/route';
import { readPartDetail } from '@/lib/parts/describe';
import { dropSample } from '@/lib/parts/manage';

export const DELETE = route<{ id: string; imageId: string }, 'curate'>(
  { access: 'curate' },
  async ({ params, principal }) => {
    await dropSample(principal, params.id, params.imageId);
    return Response.json(await readPartDetail(principal, params.id));
  },
);
