import { looksLikeBmp } from './bmp-header';

/** Image formats that are decoded; others are refused whatever their name says. */
export const IMAGE_MIMES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/tiff',
  'image/avif',
  'image/heic',
  'image/bmp',
] as const;
export type ImageMime = (typeof IMAGE_MIMES)[number];

const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/**
 * The format by the file's first bytes, or undefined when it is none that is decoded. SVG, PDF and the like never are.
 */
export function sniffImage(bytes: Uint8Array): ImageMime | undefined {
  const head = ascii(bytes, 0, 16);
  if (head.startsWith('\xff\xd8\xff')) {
    return 'image/jpeg';
  }
  if (head.startsWith('\x89PNG\r\n\x1a\n')) {
    return 'image/png';
  }
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') {
    return 'image/webp';
  }
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) {
    return 'image/gif';
  }
  // The second pair is BigTIFF's.
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(head.slice(0, 4))) {
    return 'image/tiff';
  }
  if (head.slice(4, 8) === 'ftyp') {
    return sniffHeif(bytes);
  }
  return looksLikeBmp(bytes) ? 'image/bmp' : undefined;
}

const AVIF_BRANDS = ['avif', 'avis'];
const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs'];
/** Brands that say how the file is built and not what is in it. */
const CONTAINER_BRANDS = ['mif1', 'msf1'];

/**
 * Tells AVIF and HEIC apart, by the main brand and, where that is general, by those that the file is compatible with.
 */
function sniffHeif(bytes: Uint8Array): ImageMime | undefined {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const box = ascii(bytes, 8, Math.min(length, 256));
  const brands = (box.match(/[^]{4}/g) ?? []).filter((_, index) => index !== 1);
  const [main = ''] = brands;
  const known = CONTAINER_BRANDS.includes(main) ? brands : [main];
  if (known.some((brand) => AVIF_BRANDS.includes(brand))) {
    return 'image/avif';
  }
  return known.some((brand) => HEIC_BRANDS.includes(brand)) ? 'image/heic' : undefined;
}

/** True when the bytes begin like SVG or XML, for a message that says so. */
export function looksLikeSvg(bytes: Uint8Array): boolean {
  return /^\s*(<\?xml|<svg|<!doctype svg)/i.test(ascii(bytes, 0, 256).replace('\xef\xbb\xbf', ''));
}
