import { keyOfParts } from '@/lib/anomaly/part-finding';
import type { TurnImage } from './perception';

/**
 * Names a look for caches: the images by the caller's ids, how their files are read (page and values, which change
 * under one id), and the parts asked for.
 */
export function lookKey(image: TurnImage, references: readonly TurnImage[]): string {
  const read = [image, ...references].map(({ id, source }) => [
    id,
    'path' in source ? (source.page ?? null) : null,
    source.window?.low ?? null,
    source.window?.high ?? null,
  ]);
  return `${JSON.stringify(read)}\n${keyOfParts(image.parts)}${image.within?.set ?? ''}`;
}
