import { z } from 'zod';

/** RGBA, row by row from the top, turned as the file says. */
export type HeicPicture = { width: number; height: number; rgba: Uint8ClampedArray };

/** The part of libheif's interface that is used. */
type HeifImage = {
  get_width: () => number;
  get_height: () => number;
  is_primary: () => boolean;
  display: (target: ImageTarget, done: (result: ImageTarget | null) => void) => void;
  free: () => void;
};
type ImageTarget = { data: Uint8ClampedArray; width: number; height: number };
type Libheif = { HeifDecoder: new () => { decode: (bytes: Uint8Array) => HeifImage[] } };

const libheifSchema = z.custom<Libheif>(
  (value) => typeof value === 'object' && value !== null && 'HeifDecoder' in value,
  'libheif-js has no HeifDecoder',
);

let loading: Promise<Libheif> | undefined;

/** libheif in WebAssembly (docs/decisions/formats.md): 2 MB that only those who bring such photos load. */
function libheif(): Promise<Libheif> {
  loading ??= import('libheif-js/wasm-bundle.js').then((module) => libheifSchema.parse(module.default));
  return loading;
}

/**
 * Decodes the main picture of a HEIC or HEIF photo. The bytes are untrusted; the decoder's memory is WebAssembly's own.
 * @throws Error for data that cannot be decoded
 */
export async function decodeHeic(bytes: Uint8Array): Promise<HeicPicture> {
  const { HeifDecoder } = await libheif();
  const images = new HeifDecoder().decode(bytes);
  try {
    const image = images.find((each) => each.is_primary()) ?? images[0];
    if (image === undefined) {
      throw new Error('it holds no picture');
    }
    const [width, height] = [image.get_width(), image.get_height()];
    const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
    const shown = await new Promise<ImageTarget | null>((resolve) => image.display(target, resolve));
    if (shown === null) {
      throw new Error('its picture data cannot be decoded');
    }
    return { width, height, rgba: shown.data };
  } finally {
    images.forEach((image) => image.free());
  }
}
