import { decodeLegacy, decodeText, guessLegacyEncoding } from '@/lib/datasets/legacy-text';

/** Words in an older encoding, with the bytes that tools of that time wrote. */
const bytesOf = (encoding: string, text: string): Uint8Array => {
  // The runtime only decodes these: every character is looked for among the decoded pairs and bytes.
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, number[]>();
  for (let first = 0x80; first < 0x100; first += 1) {
    table.set(decoder.decode(Uint8Array.of(first)), [first]);
    for (let second = 0x40; second < 0xff; second += 1) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if (character.length === 1) {
        table.set(character, [first, second]);
      }
    }
  }
  return Uint8Array.from(Array.from(text).flatMap((c) => (c < '\u0080' ? [c.charCodeAt(0)] : (table.get(c) ?? []))));
};

test.each([
  ['ibm866', 'Царапина/Фото 1.png'],
  ['ibm866', 'брак/вмятина.jpg'],
  ['ibm866', 'БРАК/001.png'],
  ['windows-1251', 'Царапина/Фото 1.png'],
  ['windows-1251', 'годен/деталь_2.png'],
  ['euc-kr', '불량/스크래치.png'],
  ['euc-kr', '정상/이미지 1.png'],
  ['gb18030', '划痕/图片1.png'],
  ['gb18030', '良品/正面.png'],
  ['gb18030', '缺陷.png'],
  ['shift_jis', 'キズ/画像1.png'],
  ['shift_jis', '不良/あいう.png'],
])('%s: %s', (encoding, text) => {
  const bytes = bytesOf(encoding, text);
  expect(guessLegacyEncoding([bytes], 'cp437')).toBe(encoding);
  expect(decodeText(bytes)).toEqual({ text, guessed: encoding });
});

test.each([
  ['Müll-ö.png', [0x4d, 0x81, 0x6c, 0x6c, 0x2d, 0x94, 0x2e, 0x70, 0x6e, 0x67]],
  [
    'Gießerei/Öse.png',
    [0x47, 0x69, 0x65, 0xe1, 0x65, 0x72, 0x65, 0x69, 0x2f, 0x99, 0x73, 0x65, 0x2e, 0x70, 0x6e, 0x67],
  ],
])('code page 437: %s', (text, bytes) => {
  const name = Uint8Array.from(bytes);
  expect(guessLegacyEncoding([name], 'cp437')).toBe('cp437');
  expect(decodeLegacy(name, 'cp437')).toBe(text);
});

test('one encoding for all names together: no two become one', () => {
  const names = ['Царапина.png', 'Ф.png', 'б.png', 'Б.png'].map((text) => bytesOf('ibm866', text));
  const encoding = guessLegacyEncoding(names, 'cp437');
  expect(encoding).toBe('ibm866');
  expect(new Set(names.map((name) => decodeLegacy(name, encoding))).size).toBe(4);
});
