const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** Files that people take for images and that are not decoded, told by their first bytes, and what to do with each. */
const FOREIGN: readonly (readonly [
  name: string,
  advice: string,
  test: (bytes: Uint8Array, head: string) => boolean,
])[] = [
  ['PDF document', 'export its page as PNG', (_, head) => head.startsWith('%PDF-')],
  [
    'JPEG XL picture',
    'save it as PNG or JPEG',
    (_, head) => head.startsWith('\xff\x0a') || head.slice(4, 8) === 'JXL ',
  ],
  ['JPEG 2000 picture', 'save it as TIFF or PNG', (_, head) => /^\xff\x4f\xff\x51|^[^]{4}jP {2}/.test(head)],
  ['JPEG XR picture', 'save it as TIFF or PNG', (_, head) => head.startsWith('II\xbc\x01')],
  [
    'raw photo of a camera',
    'develop it to TIFF or JPEG',
    (_, head) => /^(FUJIFILMCCD-RAW|II[RU]\x00|II\x1a\x00{3}HEAPCCDR|FOVb|[^]{4}ftypcrx )/.test(head),
  ],
  ['DICOM picture', 'export it as TIFF or PNG with 16 bits', (bytes) => ascii(bytes, 128, 132) === 'DICM'],
  ['OpenEXR picture', 'save it as TIFF with floats', (_, head) => head.startsWith('\x76\x2f\x31\x01')],
  ['FITS picture', 'save it as TIFF with floats', (_, head) => head.startsWith('SIMPLE  =')],
  [
    'Radiance picture',
    'save it as TIFF with floats',
    (_, head) => head.startsWith('#?RADIANCE') || head.startsWith('#?RGBE'),
  ],
  ['Photoshop file', 'save it as TIFF or PNG', (_, head) => head.startsWith('8BPS')],
  ['icon', 'save it as PNG', (_, head) => /^\x00\x00[\x01\x02]\x00[^\x00]\x00/.test(head)],
  ['portable pixmap', 'save it as PNG or TIFF', (_, head) => /^P[1-7fF][\s#]/.test(head)],
  ['NumPy array', 'save it as TIFF', (_, head) => head.startsWith('\x93NUMPY')],
  ['HDF5 file', 'export its picture as TIFF', (_, head) => head.startsWith('\x89HDF\r\n')],
  [
    'video',
    'save its frames as PNG or JPEG',
    (_, head) => /^([^]{4}ftyp(isom|mp4|avc1|M4V|qt {2}|3gp)|\x1aE\xdf\xa3|RIFF[^]{4}AVI )/.test(head),
  ],
  ['zip archive', 'import it as a data set', (_, head) => head.startsWith('PK\x03\x04')],
  ['web page', 'save the picture itself', (_, head) => /^\s*<(!doctype html|html)/i.test(head)],
  [
    'pointer to a file that Git LFS has not fetched',
    'run `git lfs pull`',
    (_, head) => head.startsWith('version https://git'),
  ],
];

/**
 * Names a file that is no image that is read.
 * @returns e.g. `a DICOM picture: export it as TIFF or PNG with 16 bits`; undefined for bytes that say nothing
 */
export function describeForeign(bytes: Uint8Array): string | undefined {
  const head = ascii(bytes, 0, 64);
  const found = FOREIGN.find(([, , test]) => test(bytes, head));
  return found && `${/^[aeiou]/i.test(found[0]) ? 'an' : 'a'} ${found[0]}: ${found[1]}`;
}
