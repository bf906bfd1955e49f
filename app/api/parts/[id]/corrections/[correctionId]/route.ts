import { route } from '@/lib/handler/route';
import { takeBack } from '@/lib/parts/correct';
import { readPartDetail } from '@/lib/parts/describe';

export const DELETE = route<{ id: string; correctionId: string }, 'review'>(
  { access: 'review' },
  async ({ params, principal }) => {
    await takeBack(principal, params.id, params.correctionId);
    return Response.json(await readPartDetail(principal, params.id));
  },
);
