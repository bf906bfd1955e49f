import fc from 'fast-check';
import { decodeImage } from '@/lib/vision/decode';
import { describeForeign } from '@/lib/vision/foreign-formats';
import { sniffImage } from '@/lib/vision/sniff';

const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);

it.each([
  [Buffer.from('%PDF-1.7\n'), 'a PDF document: export its page as PNG'],
  [Buffer.from([0xff, 0x0a, 0, 0]), 'a JPEG XL picture: save it as PNG or JPEG'],
  [Buffer.from('\0\0\0\x0cjP  \r\n', 'latin1'), 'a JPEG 2000 picture: save it as TIFF or PNG'],
  [Buffer.from('FUJIFILMCCD-RAW 0201'), 'a raw photo of a camera: develop it to TIFF or JPEG'],
  [Buffer.from('\0\0\0\x18ftypcrx ', 'latin1'), 'a raw photo of a camera: develop it to TIFF or JPEG'],
  [dicom, 'a DICOM picture: export it as TIFF or PNG with 16 bits'],
  [Buffer.from([0x76, 0x2f, 0x31, 0x01]), 'an OpenEXR picture: save it as TIFF with floats'],
  [Buffer.from('8BPS\0\x01', 'latin1'), 'a Photoshop file: save it as TIFF or PNG'],
  [Buffer.from([0, 0, 1, 0, 1, 0]), 'an icon: save it as PNG'],
  [Buffer.from('P5\n4 4\n255\n'), 'a portable pixmap: save it as PNG or TIFF'],
  [Buffer.from('\0\0\0\x18ftypisom', 'latin1'), 'a video: save its frames as PNG or JPEG'],
  [Buffer.from('<!DOCTYPE html><html>'), 'a web page: save the picture itself'],
  [
    Buffer.from('version https://git-lfs.github.com/spec/v1'),
    'a pointer to a file that Git LFS has not fetched: run `git lfs pull`',
  ],
])('names what is no image (%#)', async (bytes, sentence) => {
  expect(sniffImage(bytes)).toBeUndefined();
  await expect(decodeImage(bytes)).rejects.toMatchObject({
    code: 'unsupported_image',
    message: `The file is ${sentence}.`,
  });
});

it('says nothing of bytes that it does not know, and never throws', () => {
  expect(describeForeign(Buffer.from('hello'))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      ['string', 'undefined'].includes(typeof describeForeign(bytes)),
    ),
  );
});
