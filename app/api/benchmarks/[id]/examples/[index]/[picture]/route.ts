import { z } from 'zod';
import { readExamplePicture } from '@/lib/evaluation/registry';
import { notFound } from '@/lib/http/app-error';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

const paramsSchema = z.object({
  id: z.string(),
  index: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number),
  picture: z.enum(['picture', 'heatmap']),
});

export const GET = route<{ id: string; index: string; picture: string }, 'read'>(
  { access: 'read' },
  async ({ params }) => {
    const { data } = paramsSchema.safeParse(params);
    const bytes = data && (await readExamplePicture(data.id, data.index, data.picture));
    if (bytes === undefined) {
      throw notFound('example');
    }
    return fileResponse(bytes, { mime: 'image/jpeg', name: `${params.picture}.jpg` });
  },
);
