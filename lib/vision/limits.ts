/** Limits that are checked before anything is decoded. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
export const MAX_IMAGE_PIXELS = 50_000_000;
export const MAX_CHANNELS = 5;
/** Bands of a TIFF, of which three are shown; its pixels times its bands are bounded like those of other images. */
export const MAX_BANDS = 64;
