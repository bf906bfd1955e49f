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

const SPREADSHEET = 'a spreadsheet';
const PYTHON = 'a file of Python objects';
const TABLE = 'a binary table';

/** Endings of files in which labels are kept and that are not read, with what they are. */
const FOREIGN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['.xlsx', '.xlsm', '.xlsb', '.xls', '.ods', '.numbers'].map((ending) => [ending, SPREADSHEET])),
  ...Object.fromEntries(['.pkl', '.pickle', '.npy', '.npz'].map((ending) => [ending, PYTHON])),
  ...Object.fromEntries(['.parquet', '.feather', '.arrow', '.avro', '.orc'].map((ending) => [ending, TABLE])),
  ...Object.fromEntries(['.h5', '.hdf5', '.hdf'].map((ending) => [ending, 'an HDF5 file'])),
  ...Object.fromEntries(['.db', '.sqlite', '.sqlite3', '.mdb', '.accdb'].map((ending) => [ending, 'a database'])),
  ...Object.fromEntries(['.tfrecord', '.tfrecords'].map((ending) => [ending, 'a file of TensorFlow records'])),
  ...Object.fromEntries(['.doc', '.docx', '.pdf'].map((ending) => [ending, 'a document'])),
  '.mat': 'a MATLAB file',
};

/**
 * Why a file that may hold labels is not read, and what to do; undefined for any other file. A document is one only if its name says that it holds labels.
 * @param file its path
 */
export function foreignLabels(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const what = FOREIGN[/\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? ''];
  const isNamed = what !== 'a document' || /label|annotat|verdict|result|befund|标签|标注/i.test(name);
  if (what === undefined || !isNamed || /^(thumbs\.db$|~\$)/i.test(name)) {
    return undefined;
  }
  const form = what === SPREADSHEET ? 'CSV' : 'CSV, JSON or COCO';
  return `The file is ${what}, which is not read: if it holds labels, export them as ${form} beside the images and import again.`;
}
