/** Limits that the workbench checks before it sends and the server enforces. */
export const limits = {
  /** Bytes of one uploaded image. */
  imageBytes: 64 * 1024 * 1024,
  /** Bytes of a JSON body. */
  jsonBytes: 256 * 1024,
  /** Characters of one question. */
  textLength: 8_000,
  /** Images of one message, references included. */
  imagesPerMessage: 200,
  /** So many images to inspect in one message are a set: judged among each other, and answered with a contact sheet. */
  set: 8,
  /** Normal images that others are compared with. */
  references: 16,
  titleLength: 200,
  queryLength: 200,
  pageSize: 100,
} as const;

/** Widths in pixels at which the server keeps an image. */
export const variantWidths = [160, 320, 640, 1280, 2560] as const;
