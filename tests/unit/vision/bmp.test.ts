import fc from 'fast-check';
import sharp from 'sharp';
import { bmpToPng } from '@/lib/vision/bmp';
import { looksLikeBmp } from '@/lib/vision/bmp-header';
import { decodeImage } from '@/lib/vision/decode';

type Colour = readonly [number, number, number];
const COLOURS: readonly Colour[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [0, 0, 0],
  [128, 128, 128],
  [255, 255, 255],
];
const EXPECTED = COLOURS.flat();

type Kind = {
  depth: 1 | 4 | 8 | 16 | 24 | 32;
  topDown?: boolean;
  compression?: 0 | 1 | 2 | 3;
  /** Red, green, blue, alpha; the last only with a header that has room for it. */
  masks?: readonly number[];
  headerSize?: 12 | 40 | 108 | 124;
  palette?: readonly Colour[];
  data: readonly (readonly number[])[];
};

/** A bitmap of 3 x 2 px. `data`: the rows from the top, without the bytes that fill them up to four. */
function bitmap({ depth, topDown = false, compression = 0, masks = [], headerSize = 40, palette = [], data }: Kind) {
  const isCore = headerSize === 12;
  const rows = (topDown ? data : [...data].reverse()).map((row) =>
    compression === 1 || compression === 2 ? row : [...row, ...new Array<number>((4 - (row.length % 4)) % 4).fill(0)],
  );
  const ownMasks = headerSize === 40 ? masks.slice(0, 3) : [];
  const entries = palette.flatMap(([r, g, b]) => (isCore ? [b, g, r] : [b, g, r, 0]));
  const offset = 14 + headerSize + ownMasks.length * 4 + entries.length;
  const head = new DataView(new ArrayBuffer(14 + headerSize + ownMasks.length * 4));
  head.setUint16(0, 0x424d);
  head.setUint32(10, offset, true);
  head.setUint32(14, headerSize, true);
  if (isCore) {
    head.setUint16(18, 3, true);
    head.setUint16(20, 2, true);
    head.setUint16(24, depth, true);
  } else {
    head.setInt32(18, 3, true);
    head.setInt32(22, topDown ? -2 : 2, true);
    head.setUint16(28, depth, true);
    head.setUint32(30, compression, true);
    head.setUint32(46, palette.length, true);
    masks.slice(0, headerSize === 40 ? 3 : 4).forEach((mask, i) => head.setUint32(54 + 4 * i, mask, true));
  }
  return Uint8Array.from([...new Uint8Array(head.buffer), ...entries, ...rows.flat()]);
}

const words = (values: readonly number[]) => values.flatMap((value) => [value & 255, value >> 8]);
const rows = <T>(values: readonly T[]): T[][] => [values.slice(0, 3), values.slice(3)];
const bytes24 = rows(COLOURS).map((row) => row.flatMap(([r, g, b]) => [b, g, r]));
const bytes32 = (alpha: number) => rows(COLOURS).map((row) => row.flatMap(([r, g, b]) => [b, g, r, alpha]));
const pack = (red: number, green: number, blue: number) =>
  rows(COLOURS).map((row) =>
    words(
      row.map(([r, g, b]) => {
        const part = (value: number, bits: number) => Math.round((value / 255) * (2 ** bits - 1));
        return (part(r, red) << (green + blue)) | (part(g, green) << blue) | part(b, blue);
      }),
    ),
  );

const kinds: readonly [string, Kind][] = [
  [
    '4 bits',
    {
      depth: 4,
      palette: COLOURS,
      data: [
        [0x01, 0x20],
        [0x34, 0x50],
      ],
    },
  ],
  [
    '8 bits',
    {
      depth: 8,
      palette: COLOURS,
      data: [
        [0, 1, 2],
        [3, 4, 5],
      ],
    },
  ],
  [
    '8 bits, header of OS/2',
    {
      depth: 8,
      headerSize: 12,
      palette: COLOURS,
      data: [
        [0, 1, 2],
        [3, 4, 5],
      ],
    },
  ],
  [
    '8 bits, run lengths',
    {
      depth: 8,
      compression: 1,
      palette: COLOURS,
      data: [
        [0, 3, 0, 1, 2, 0, 0, 1],
        [1, 3, 1, 4, 1, 5, 0, 0],
      ],
    },
  ],
  [
    '4 bits, run lengths',
    {
      depth: 4,
      compression: 2,
      palette: COLOURS,
      data: [
        [2, 0x01, 1, 0x20, 0, 1],
        [0, 3, 0x34, 0x50, 0, 0],
      ],
    },
  ],
  ['16 bits', { depth: 16, data: pack(5, 5, 5) }],
  ['16 bits, 5-6-5', { depth: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], data: pack(5, 6, 5) }],
  ['24 bits', { depth: 24, data: bytes24 }],
  ['24 bits, from the top', { depth: 24, topDown: true, data: bytes24 }],
  ['32 bits', { depth: 32, topDown: true, data: bytes32(0) }],
  ['32 bits, fields', { depth: 32, compression: 3, masks: [0xff0000, 0xff00, 0xff], data: bytes32(0) }],
  [
    '32 bits, alpha that is 0 throughout',
    { depth: 32, compression: 3, headerSize: 124, masks: [0xff0000, 0xff00, 0xff, 0xff000000], data: bytes32(0) },
  ],
  [
    '32 bits, opaque',
    { depth: 32, compression: 3, headerSize: 108, masks: [0xff0000, 0xff00, 0xff, 0xff000000], data: bytes32(255) },
  ],
];

describe('Windows bitmaps (case i03)', () => {
  it.each(kinds)('reads %s', async (_, kind) => {
    const bytes = bitmap(kind);
    expect(looksLikeBmp(bytes)).toBe(true);
    const image = await decodeImage(bytes);
    expect(image).toMatchObject({ width: 3, height: 2, mime: 'image/bmp' });
    // Five bits have no value for 128.
    const tolerance = kind.depth === 16 ? 4 : 0;
    expect([...image.pixels].every((value, i) => Math.abs(value - (EXPECTED[i] ?? 0)) <= tolerance)).toBe(true);
    const png = await sharp(await bmpToPng(bytes))
      .raw()
      .toBuffer();
    expect([...png]).toEqual([...image.pixels]);
  });

  it('reads 1 bit, black and white', async () => {
    const data = [[0b01000000], [0b10100000]];
    const palette = [
      [0, 0, 0],
      [255, 255, 255],
    ] as const;
    const image = await decodeImage(bitmap({ depth: 1, palette, data }));
    expect([...image.pixels].filter((_, i) => i % 3 === 0)).toEqual([0, 255, 0, 255, 0, 255]);
  });

  it('takes grey without a palette for grey', async () => {
    const image = await decodeImage(
      bitmap({
        depth: 8,
        data: [
          [0, 80, 255],
          [1, 2, 3],
        ],
      }),
    );
    expect([...image.pixels].filter((_, i) => i % 3 === 0)).toEqual([0, 80, 255, 1, 2, 3]);
  });

  it('says what is wrong, whatever bytes are changed', async () => {
    await expect(decodeImage(bitmap({ depth: 24, data: bytes24 }).slice(0, 60))).rejects.toThrow('cut off');
    const jpeg = bitmap({ depth: 24, data: bytes24 });
    jpeg[30] = 4;
    await expect(decodeImage(jpeg)).rejects.toThrow('save it as PNG');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds.map(([, kind]) => kind)),
        fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (kind, changes) => {
          const bytes = bitmap(kind);
          changes.forEach(([at, value]) => (bytes[at] = value));
          const outcome: unknown = await decodeImage(bytes).catch((error: unknown) => error);
          expect(outcome).toHaveProperty(outcome instanceof Error ? 'code' : 'pixels');
        },
      ),
    );
  });
});
