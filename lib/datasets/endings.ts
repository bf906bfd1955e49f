/** Endings of the image files that a set may hold, in lower case with the dot. What cannot be decoded is skipped with a reason. */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set(
  ['png', 'jpg', 'jpeg', 'jpe', 'jfif', 'bmp', 'dib', 'tif', 'tiff', 'webp', 'gif', 'avif', 'heic', 'heif'].map(
    (ending) => `.${ending}`,
  ),
);

/** Endings of the label files that the readers know. */
export const LABEL_ENDINGS: ReadonlySet<string> = new Set(
  ['json', 'jsonl', 'ndjson', 'csv', 'tsv', 'txt', 'xml', 'yaml', 'yml', 'names', 'data'].map((ending) => `.${ending}`),
);
