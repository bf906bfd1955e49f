import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import yazl from 'yazl';

/** Random numbers from a seed (mulberry32), so that a failing file can be made again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return Buffer.concat(chunks);
}

/** A zip archive of the given files. */
export async function makeZip(files: Record<string, Uint8Array>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), name);
  }
  zip.end();
  return collect(zip.outputStream);
}

/** A chunk of a PNG with its checksum. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG whose header promises `width` x `height` pixels, and whose data is a few kilobytes of zeros. */
export function pngBomb(width: number, height: number, dataBytes = 1 << 20): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(dataBytes))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export type Sample = { name: string; bytes: Buffer };

/** Good files of every image format that is read, and archives. */
export async function goodSamples(): Promise<Sample[]> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const image = sharp({ create: { width: 96, height: 64, channels: 3, background: '#888', noise } });
  const pixels = await image.png().toBuffer();
  const of = (name: string, work: Promise<Buffer>) => work.then((bytes) => ({ name, bytes }));
  return Promise.all([
    of('jpeg', sharp(pixels).jpeg().toBuffer()),
    of('progressive jpeg', sharp(pixels).jpeg({ progressive: true }).toBuffer()),
    of('png', Promise.resolve(pixels)),
    of('interlaced png', sharp(pixels).png({ progressive: true, palette: true }).toBuffer()),
    of('webp', sharp(pixels).webp().toBuffer()),
    of('lossless webp', sharp(pixels).webp({ lossless: true }).toBuffer()),
    of('gif', sharp(pixels).gif().toBuffer()),
    of('tiff', sharp(pixels).tiff({ compression: 'lzw' }).toBuffer()),
    of('tiff in tiles', sharp(pixels).tiff({ tile: true, pyramid: true, compression: 'deflate' }).toBuffer()),
    of('avif', sharp(pixels).avif({ effort: 0 }).toBuffer()),
    of('zip', makeZip({ 'good/000.png': pixels, 'ground_truth/bad/000_mask.png': pixels })),
    of(
      'zip with traversal',
      makeZip({ 'aa/aa/escaped.png': pixels }).then((zip) =>
        Buffer.from(zip.toString('latin1').replaceAll('aa/aa/', '../../'), 'latin1'),
      ),
    ),
  ]);
}

const DAMAGES: readonly ((bytes: Buffer, random: () => number) => Buffer)[] = [
  // Cut off.
  (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  // Some bytes changed, more of them at the beginning, where the headers are.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let i = 1 + Math.floor(random() * 20); i > 0; i -= 1) {
      copy[Math.floor(random() ** 3 * copy.length)] = Math.floor(random() * 256);
    }
    return copy;
  },
  // A run filled with zeros or ones.
  (bytes, random) => {
    const from = Math.floor(random() * bytes.length);
    return Buffer.from(bytes).fill(
      random() < 0.5 ? 0 : 255,
      from,
      Math.min(bytes.length, from + Math.floor(random() * 200)),
    );
  },
  // A part left out, doubled, or put elsewhere.
  (bytes, random) => {
    const [a = 0, b = 0] = [random(), random()].map((at) => Math.floor(at * bytes.length)).sort((x, y) => x - y);
    const part = bytes.subarray(a, b);
    return random() < 0.5
      ? Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)])
      : Buffer.concat([bytes.subarray(0, b), part, part, bytes.subarray(b)]);
  },
  // The signature alone, with noise behind it.
  (bytes, random) =>
    Buffer.concat([bytes.subarray(0, 16), Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)))]),
  // 32-bit numbers that are huge: sizes, offsets, counts.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = Math.floor(random() ** 2 * Math.max(0, copy.length - 4));
    if (copy.length > 4) {
      copy.writeUInt32BE(random() < 0.5 ? 0xffffffff : 0x7fffffff, at);
    }
    return copy;
  },
  // A page behind the image.
  (bytes) => Buffer.concat([bytes, Buffer.from('<html><script>alert(1)</script></html>')]),
];

/** `count` damaged files, the same for the same seed. */
export async function* malformed(count: number, seed: number): AsyncGenerator<Sample> {
  const random = seeded(seed);
  const good = await goodSamples();
  const bombs = [
    ...[
      [60_000, 60_000],
      [1, 2_000_000_000],
      [7_000, 7_000],
      [0, 0],
    ].map(([w = 0, h = 0]) => pngBomb(w, h)),
    Buffer.from('GIF89a\xff\xff\xff\xff\xf7\x00\x00', 'latin1'),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    Buffer.alloc(0),
  ];
  for (let i = 0; i < count; i += 1) {
    const bomb = bombs[i];
    if (bomb !== undefined) {
      yield { name: `bomb ${i}`, bytes: bomb };
      continue;
    }
    const sample = good[i % good.length];
    const damage = DAMAGES[Math.floor(random() * DAMAGES.length)];
    if (sample !== undefined && damage !== undefined) {
      yield { name: `${sample.name} ${i}`, bytes: damage(sample.bytes, random) };
    }
  }
}
