import { z } from 'zod';

/** An engine as people choose it. Nothing of its key leaves the server. */
export const engineInfoSchema = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['embedded', 'remote']),
  /** Of a remote engine: the model, and the machine that texts and pictures go to. */
  model: z.string().nullable(),
  host: z.string().nullable(),
  /** Whether it is sent pictures, or only what the expert says of them. */
  images: z.boolean(),
  fallback: z.boolean(),
  /** Allowed for every conversation of this workspace. */
  allowed: z.boolean(),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

/** `GET /api/engines`. `problem`: what is wrong with the file of engines; then only the embedded one is listed. */
export const enginesResponseSchema = z.object({
  engines: z.array(engineInfoSchema),
  problem: z.string().nullable(),
});
export type EnginesResponse = z.infer<typeof enginesResponseSchema>;

/** `POST /api/engines/:name/consent`: whether every conversation of the workspace may use it without being asked. */
export const engineConsentSchema = z.object({ allowed: z.boolean() });

/** `POST /api/engines/:name/test`: a short question to it. */
export const engineTestSchema = z.object({
  ok: z.boolean(),
  /** What it answered, or why it did not. */
  message: z.string(),
  ms: z.number().nonnegative(),
});
export type EngineTest = z.infer<typeof engineTestSchema>;
