import { isUtf8 } from 'node:buffer';
import { commonHan, commonHangul, farFromRussian } from './legacy-scripts';

/** Encodings that text and file names of older tools are in. The decoders come with the runtime. */
export type LegacyEncoding =
  'gb18030' | 'big5' | 'shift_jis' | 'euc-kr' | 'ibm866' | 'windows-1251' | 'koi8-r' | 'cp437' | 'windows-1252';

/** The upper half of code page 437, which zip has for names without the UTF-8 flag. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Text that is UTF-8 throughout, or undefined. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : undefined;
}

/** Text in which the decoder had nothing to replace, or undefined. */
function decodeStrictly(encoding: string, bytes: Uint8Array): string | undefined {
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\ufffd') ? undefined : text;
}

/**
 * True when all bytes above 127 come in pairs of the Chinese standard's first table, which single letters of Western
 * text never do.
 */
function isPairedChinese(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i += 1) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) {
      continue;
    }
    const trail = bytes[i + 1] ?? 0;
    if (lead < 0xa1 || lead > 0xf7 || trail < 0xa1 || trail > 0xfe) {
      return false;
    }
    i += 1;
  }
  return true;
}

const JAPANESE = /^[\u0000-\u007f\u3000-\u303f\u3040-\u30ff\u4e00-\u9fff\uff00-\uffef]*$/;
const KANA = /[\u3041-\u30fe]/;
const CHINESE_PAIR = /[\u4e00-\u9fff]{2}/;

/**
 * So many of the characters of Chinese text, and few of those of other text that is read as Chinese, are frequent ones.
 */
const SURELY_HAN = 0.7;
const LEAST_COMMON = 0.5;

const CYRILLIC = ['ibm866', 'windows-1251', 'koi8-r'] as const;

/** The encoding in which a text is most like Russian; undefined when it is none in any. */
function nearestRussian(read: (encoding: string) => string | undefined): LegacyEncoding | undefined {
  const distances = CYRILLIC.flatMap((encoding) => {
    const distance = farFromRussian(read(encoding) ?? '');
    return distance === undefined ? [] : [{ encoding, distance }];
  });
  return distances.sort((a, b) => a.distance - b.distance)[0]?.encoding;
}

/**
 * Which encoding bytes that are no UTF-8 are in, judged by all of them together. Names in one archive share one
 * encoding, so that they stay apart.
 *
 * @param western what to take when nothing speaks for a Cyrillic or an East Asian one
 */
export function guessLegacyEncoding(samples: readonly Uint8Array[], western: 'cp437' | 'windows-1252'): LegacyEncoding {
  const foreign = samples.filter((bytes) => decodeUtf8(bytes) === undefined);
  const read = (encoding: string): string | undefined => {
    const texts = foreign.map((bytes) => decodeStrictly(encoding, bytes));
    return texts.every((text) => text !== undefined) ? texts.join('\n') : undefined;
  };
  const all = (encoding: string, fits: (text: string) => boolean) => {
    const text = read(encoding);
    return text !== undefined && fits(text);
  };
  const han = {
    gb18030: commonHan(read('gb18030') ?? '', 'simplified'),
    big5: commonHan(read('big5') ?? '', 'traditional'),
    shift_jis: commonHan(read('shift_jis') ?? '', 'japanese'),
  };
  const mostHan = Math.max(han.gb18030, han.big5, han.shift_jis);
  // Cyrillic and Korean are told by their letters; nearly all of their bytes are also some text in Chinese, of rare
  // characters.
  const cyrillic = mostHan >= SURELY_HAN ? undefined : nearestRussian(read);
  if (cyrillic !== undefined) {
    return cyrillic;
  }
  const hangul = commonHangul(read('euc-kr') ?? '');
  if (hangul >= LEAST_COMMON && hangul >= mostHan) {
    return 'euc-kr';
  }
  if (han.big5 >= LEAST_COMMON && han.big5 === mostHan && han.big5 > han.gb18030) {
    return 'big5';
  }
  if (han.shift_jis >= LEAST_COMMON && han.shift_jis === mostHan && han.shift_jis > han.gb18030) {
    return 'shift_jis';
  }
  if (foreign.every(isPairedChinese) && all('gb18030', () => true)) {
    return 'gb18030';
  }
  if (all('shift_jis', (text) => JAPANESE.test(text) && KANA.test(text))) {
    return 'shift_jis';
  }
  if (all('gb18030', (text) => CHINESE_PAIR.test(text) && JAPANESE.test(text))) {
    return 'gb18030';
  }
  return western;
}

/** Decodes bytes; the single-byte encodings take any. */
export function decodeLegacy(bytes: Uint8Array, encoding: LegacyEncoding): string {
  if (encoding === 'cp437') {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : (CP437[byte - 0x80] ?? ''))).join('');
  }
  return new TextDecoder(encoding).decode(bytes);
}

/** UTF-16 without its mark: nearly every second byte of text in Latin letters, as label files are, is 0. */
function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, 2048);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    zeros[index % 2] = (zeros[index % 2] ?? 0) + (byte === 0 ? 1 : 0);
  });
  const [even = 0, odd = 0] = zeros;
  const least = sample.length / 4;
  return sample.length < 4 || bytes.length % 2 !== 0
    ? undefined
    : odd > least && even === 0
      ? 'utf-16le'
      : even > least && odd === 0
        ? 'utf-16be'
        : undefined;
}

/**
 * A label file's text: UTF-8, UTF-16, or an older encoding.
 * @returns `guessed`: the encoding that was taken because the bytes are no Unicode text
 */
export function decodeText(bytes: Uint8Array): { text: string; guessed: LegacyEncoding | null } {
  const mark = bytes.subarray(0, 2);
  if ((mark[0] === 0xff && mark[1] === 0xfe) || (mark[0] === 0xfe && mark[1] === 0xff)) {
    const text = new TextDecoder(mark[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
    return { text, guessed: null };
  }
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked !== undefined) {
    return { text: new TextDecoder(unmarked).decode(bytes), guessed: null };
  }
  const text = decodeUtf8(bytes);
  if (text !== undefined) {
    return { text: text.replace(/^\uFEFF/, ''), guessed: null };
  }
  const guessed = guessLegacyEncoding([bytes], 'windows-1252');
  return { text: decodeLegacy(bytes, guessed), guessed };
}
