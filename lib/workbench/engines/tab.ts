import * as z from 'zod/mini';

/** The answers of several engines to one question. */
export const answersTab = z.object({
  kind: z.literal('answers'),
  id: z.string(),
  conversationId: z.string(),
  questionId: z.string(),
});
