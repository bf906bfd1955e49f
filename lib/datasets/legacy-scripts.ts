/** Letters that make up more than half of Russian text, and far less of other text that is read as Cyrillic. */
const COMMON_CYRILLIC = new Set('оеаинтсрлвкд');
const LEAST_CYRILLIC = 0.4;

/** A word of small letters, with a capital in front or not, or of capitals: letters that were other bytes are mixed. */
const CYRILLIC_WORD = /^(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)$/;
const CYRILLIC_RUN = /[\u0400-\u04ff]+/g;
const ASCII_OR_CYRILLIC = /^[\u0000-\u007f\u0410-\u044f\u0401\u0451№]*$/;

/** True for text that is Russian by its letters, words and their case; single letters amid Latin ones are accents of another encoding. */
export function isRussian(text: string): boolean {
  const words = text.match(CYRILLIC_RUN) ?? [];
  const letters = Array.from(words.join('').toLowerCase());
  const common = letters.filter((letter) => COMMON_CYRILLIC.has(letter)).length;
  return (
    ASCII_OR_CYRILLIC.test(text) &&
    words.some((word) => word.length >= 3) &&
    words.every((word) => CYRILLIC_WORD.test(word)) &&
    common >= LEAST_CYRILLIC * letters.length
  );
}

/** Syllables that make up most of Korean text; of text in another encoding they are one in twenty. */
const COMMON_HANGUL = new Set(
  '이다는의에을가고하지기로사를인대은도시자서리아스한수그해과원으일전보정어주제라부나나와장성상구도만방동조면생물세원계신안국유화경공연실분비선진교관중무모회후개내강발현거위결품량불함흠집균열얼룩찍힘크랙스래치파손이미지사진폴더새양검표판오염긁번호테스트학습정상합격재반복선행마운천할된들것때말우리있없않또년월금속철강',
);
const HANGUL = /[\uac00-\ud7a3]/g;
const ASCII_OR_KOREAN = /^[\u0000-\u007f\uac00-\ud7a3\u3131-\u318e]*$/;

/** True for text that is Korean by its syllables. */
export function isKorean(text: string): boolean {
  const syllables = text.match(HANGUL) ?? [];
  const common = syllables.filter((syllable) => COMMON_HANGUL.has(syllable)).length;
  return ASCII_OR_KOREAN.test(text) && syllables.length >= 2 && common >= syllables.length / 2;
}
