import type { EngineErrorCode } from '@/lib/engine/errors';
import type { ImageMime } from '../sniff';

/** What the checker's process is asked: decode the file at `path` whole. */
export type CheckRequest = { id: number; path: string };

export type CheckedImage = { width: number; height: number; mime: ImageMime };

export type CheckResponse =
  ({ id: number; ok: true } & CheckedImage) | { id: number; ok: false; code: EngineErrorCode; message: string };

/** Exit code of a process that found itself above its memory limit. */
export const OUT_OF_MEMORY_EXIT = 86;
