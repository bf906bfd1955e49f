import { z } from 'zod';
import { idPattern } from './new-id';

export const idSchema = z.string().regex(idPattern, 'must be an id of 22 base64url characters');

export * from './new-id';
