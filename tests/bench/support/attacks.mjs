/** Malformed requests, images, archives and label files out of a seed, for tests/bench/attack.mjs. */
import sharp from 'sharp';
import yazl from 'yazl';

/** Random numbers from a seed (mulberry32), so that what failed can be sent again. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = (random, list) => list[Math.floor(random() * list.length)];

const WORDS = [
  '',
  '0',
  '-1',
  '1e309',
  'NaN',
  'null',
  'true',
  '%00',
  '%ff',
  '..',
  '../../etc/passwd',
  '%2e%2e%2f',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '\u202e\u0000',
  '𝕬',
  'x'.repeat(3000),
  '__proto__',
  'constructor',
  '${7*7}',
  '{{7*7}}',
  '2147483648',
  '-9007199254740993',
  'AAAAAAAAAAAAAAAAAAAAAA',
  '[object Object]',
  'a b',
  '//',
  '\\\\',
  ';',
  '#',
  '?',
];

/** A value of any shape; some are deep, some are large. */
function value(random, depth = 0) {
  const kinds = depth > 4 ? 6 : 9;
  switch (Math.floor(random() * kinds)) {
    case 0:
      return pick(random, WORDS);
    case 1:
      return pick(random, [0, -1, 1.5, 1e308, -0, 2 ** 53, 1e-320]);
    case 2:
      return pick(random, [true, false, null]);
    case 3:
      return Array.from({ length: 22 }, () => pick(random, 'ABCxyz019_-')).join('');
    case 4:
      return 'y'.repeat(Math.floor(random() * 9000));
    case 5:
      return [];
    case 6:
      return Array.from({ length: Math.floor(random() * 6) }, () => value(random, depth + 1));
    case 7: {
      let nested = {};
      for (let i = 0; i < 300; i += 1) {
        nested = { a: nested };
      }
      return nested;
    }
    default:
      return object(random, FIELDS, depth + 1);
  }
}

const FIELDS = [
  'id',
  'name',
  'email',
  'password',
  'role',
  'imageId',
  'referenceIds',
  'conversationId',
  'message',
  'messages',
  'parts',
  'trigger',
  'settings',
  'model',
  'stream',
  'content',
  'image_url',
  'url',
  'mask',
  'counts',
  'size',
  'clicks',
  'revision',
  'verdict',
  'label',
  'text',
  'action',
  'directory',
  'format',
  'mode',
  'token',
  'method',
  'params',
  'jsonrpc',
  '__proto__',
];

function object(random, fields, depth) {
  return Object.fromEntries(
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => [pick(random, fields), value(random, depth)]),
  );
}

/** An image, an archive or whatever else, damaged in one of several ways. */
export function damage(random, bytes) {
  const copy = Buffer.from(bytes);
  const at = (power = 1) => Math.floor(random() ** power * copy.length);
  switch (Math.floor(random() * 6)) {
    case 0:
      return copy.subarray(0, at());
    case 1:
      for (let i = 1 + Math.floor(random() * 20); i > 0; i -= 1) {
        copy[at(3)] = Math.floor(random() * 256);
      }
      return copy;
    case 2:
      return copy.fill(random() < 0.5 ? 0 : 255, at(), Math.min(copy.length, at() + 200));
    case 3:
      return Buffer.concat([copy.subarray(0, at()), copy.subarray(at())]);
    case 4:
      if (copy.length > 8) {
        copy.writeUInt32BE(random() < 0.5 ? 0xffffffff : 0x7fffffff, Math.min(at(2), copy.length - 4));
      }
      return copy;
    default:
      return Buffer.concat([copy, Buffer.from('<html><script>alert(1)</script></html>')]);
  }
}

/** A zip of some files. */
export async function zipOf(files) {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), name);
  }
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const LABELS = {
  'labels/a.txt': (random) =>
    pick(random, ['0'.repeat(50_000), '-.'.repeat(30_000), '0 '.repeat(40_000), '0 nan 1 1 1']),
  'annotations.json': (random) =>
    pick(random, ['['.repeat(50_000), '{"images":[{"id":1e400}],"annotations":{}}', JSON.stringify(value(random))]),
  'labels.csv': (random) => `image,label\n${'"'.repeat(20_000)}${pick(random, WORDS)}`,
  'a.xml': () => `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><annotation>${'<object>'.repeat(5_000)}`,
  'data.yaml': () => `names: &a [${'*a,'.repeat(10)}]\ntrain: ../../etc\n`,
};

/** Good files to be damaged. */
export async function goodFiles() {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 };
  const png = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#888', noise } })
    .png()
    .toBuffer();
  return {
    png,
    images: await Promise.all([
      png,
      sharp(png).jpeg().toBuffer(),
      sharp(png).webp().toBuffer(),
      sharp(png).gif().toBuffer(),
      sharp(png).tiff({ compression: 'lzw' }).toBuffer(),
      sharp(png).avif({ effort: 0 }).toBuffer(),
    ]),
  };
}

/** An archive with a label file that was made to trip a reader, or a damaged one. */
export async function archive(random, { png }) {
  const label = pick(random, Object.keys(LABELS));
  const zip = await zipOf({ 'images/a.png': png, [label]: LABELS[label](random) });
  return random() < 0.3 ? damage(random, zip) : zip;
}

/** A path with its parameters filled in: ids that look right, and anything else. */
function fill(random, path) {
  return path.replace(/\{[^}]+\}/g, () => {
    const word =
      random() < 0.5 ? Array.from({ length: 22 }, () => pick(random, 'ABCxyz019_-')).join('') : pick(random, WORDS);
    return random() < 0.8
      ? encodeURIComponent(word.replace(/[\ud800-\udfff]/g, ''))
      : word.replace(/[^\x21-\x7e]/g, '');
  });
}

const TYPES = [
  'application/json',
  'application/json',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'image/png',
  '',
];

/** One request: to an operation of the API, as its own or another method, with a body that fits nowhere. */
export function malformedRequest(random, operations) {
  const operation = pick(random, operations);
  const method =
    random() < 0.9
      ? operation.method
      : pick(random, ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']);
  const query =
    random() < 0.3
      ? `?${pick(random, FIELDS)}=${encodeURIComponent(String(pick(random, WORDS)).replace(/[\ud800-\udfff]/g, ''))}`
      : '';
  const type = pick(random, TYPES);
  const headers = {
    ...(type !== '' && { 'content-type': type }),
    ...(random() < 0.05 && { 'accept-language': 'x'.repeat(4000) }),
    ...(random() < 0.05 && { range: 'bytes=9-1' }),
    ...(random() < 0.05 && { 'x-forwarded-for': 'evil, ::1, 999.9.9.9' }),
  };
  const hasBody = !['GET', 'HEAD', 'TRACE'].includes(method);
  const text =
    random() < 0.85
      ? JSON.stringify(object(random, FIELDS, 0))
      : `${JSON.stringify(value(random))}${pick(random, ['', '}', ',', '\u0000'])}`;
  return { method, path: fill(random, operation.path) + query, headers, body: hasBody ? Buffer.from(text) : undefined };
}
