/**
 * Endings of the image files that a set may hold, in lower case with the dot. What cannot be decoded is skipped with a
 * reason.
 */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set(
  ['png', 'jpg', 'jpeg', 'jpe', 'jfif', 'bmp', 'dib', 'tif', 'tiff', 'webp', 'gif', 'avif', 'heic', 'heif'].map(
    (ending) => `.${ending}`,
  ),
);

/** Endings of the label files that the readers know. */
export const LABEL_ENDINGS: ReadonlySet<string> = new Set(
  ['json', 'geojson', 'jsonl', 'ndjson', 'manifest', 'csv', 'tsv', 'txt', 'xml', 'yaml', 'yml', 'names', 'data'].map(
    (ending) => `.${ending}`,
  ),
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

const ARCHIVE = 'an archive';
const RAW = 'a raw photo of a camera';
const FILM = 'a film';

/** Endings of pictures, films and archives, which may hold images and are not read, with what they are. */
const UNREAD: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['.zip', '.7z', '.rar', '.tar', '.tgz', '.gz', '.bz2', '.xz', '.zst'].map((each) => [each, ARCHIVE]),
  ),
  ...Object.fromEntries(['.cr2', '.cr3', '.nef', '.arw', '.dng', '.raf', '.orf', '.rw2'].map((each) => [each, RAW])),
  ...Object.fromEntries(['.mp4', '.avi', '.mov', '.mkv', '.webm', '.wmv', '.m4v'].map((each) => [each, FILM])),
  ...Object.fromEntries(['.dcm', '.dicom', '.nii', '.mhd'].map((each) => [each, 'a medical image'])),
  ...Object.fromEntries(['.pgm', '.ppm', '.pbm', '.pnm', '.pfm'].map((each) => [each, 'a portable map of pixels'])),
  ...Object.fromEntries(['.jp2', '.j2k', '.jpf', '.jxl'].map((each) => [each, 'a JPEG 2000 or JPEG XL image'])),
  ...Object.fromEntries(['.svg', '.eps', '.ai', '.emf'].map((each) => [each, 'a drawing'])),
  ...Object.fromEntries(['.psd', '.xcf', '.kra'].map((each) => [each, 'the file of a painting program'])),
  ...Object.fromEntries(
    ['.exr', '.hdr', '.ico', '.tga', '.pcx', '.czi', '.nd2', '.lif', '.svs', '.ndpi'].map((each) => [
      each,
      'an image in a format of its own',
    ]),
  ),
};

/** Why a file of a set is not read, and the code of the problem that tells it. */
export type Foreign = { code: 'bad_file' | 'unread_format' | 'not_needed'; message: string };

/**
 * Why a file that may hold labels or images is not read, and what to do; undefined for any other file. A document is
 * one only if its name says that it holds labels.
 * @param file its path
 */
export function foreignFile(file: string): Foreign | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const ending = /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? '';
  const what = FOREIGN[ending];
  const isNamed = what !== 'a document' || /label|annotat|verdict|result|befund|标签|标注/i.test(name);
  if (/^(thumbs\.db$|~\$)/i.test(name)) {
    return undefined;
  }
  if (/(^|[_-])submission([_-][^.]*)?\.csv$/i.test(name)) {
    const message = 'The file is what a contest takes as an answer, and no label of its images: left out.';
    return { code: 'not_needed', message };
  }
  if (what !== undefined && isNamed) {
    const form = what === SPREADSHEET ? 'CSV' : 'CSV, JSON or COCO';
    const message = `The file is ${what}, which is not read: if it holds labels, export them as ${form} beside the images and import again.`;
    return { code: 'bad_file', message };
  }
  const picture = UNREAD[ending];
  if (picture === undefined) {
    return undefined;
  }
  const advice =
    picture === ARCHIVE
      ? 'if it holds images or labels, unpack it and import again'
      : picture === FILM
        ? 'if its pictures are to be inspected, save them as PNG'
        : 'if it is an image of the set, save it as PNG or TIFF';
  return { code: 'unread_format', message: `The file is ${picture}, which is not read: ${advice}.` };
}
