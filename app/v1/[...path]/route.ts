import { route } from '@/lib/handler/route';
import { DoorError, doorErrorBody } from '@/lib/openai-door/door-error';

const refuse = () => {
  throw new DoorError('There is no such address below /v1: see /api-reference for those there are', {
    code: 'not_found',
    openAiCode: 'unknown_url',
  });
};

export const GET = route({ access: 'read', errorBody: doorErrorBody }, refuse);
export const POST = route({ access: 'chat', errorBody: doorErrorBody }, refuse);
