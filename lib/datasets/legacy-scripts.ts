/** Russian letters, those first that are most frequent in text. */
const BY_FREQUENCY = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ';
const COMMON_CYRILLIC = 12;
const LEAST_CYRILLIC = 0.4;
/**
 * Names in capitals are rarer than others: read in the other encoding of the two that have the cases the other way
 * round, each name would be one.
 */
const CAPITALS_COST = 2;
/** Pairs of letters that make up half of Russian text. */
const COMMON_PAIRS = new Set(
  'ст но ен то на ов ни ра во ко ро го пр по ал ли не ре ос та ор от ло ол ер ат ти ка ть ва ет ин ел ан де ле ил те ом ес ас ог об ла ль ри ве ма ит мо из со ак за ме да до ки пе че бо ам ви ны ер од ог ьн ии ие ия ме ар оп ок ис бр ук ур уч ру ск тк ты ще ще фо ош сн еф фе ек кт рп пу ус пя ят тн рх нь сл сп тр те ту'.split(
    ' ',
  ),
);
/** What a text gains whose every pair is such a one. */
const PAIRS_GAIN = 12;

/** A word of small letters, with a capital in front or not, or of capitals: letters that were other bytes are mixed. */
const CYRILLIC_WORD = /^(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)$/;
const CAPITALS = /^[А-ЯЁ]{2,}$/;
const CYRILLIC_RUN = /[\u0400-\u04ff]+/g;
const ASCII_OR_CYRILLIC = /^[\u0000-\u007f\u0410-\u044f\u0401\u0451№]*$/;

/**
 * How unlike Russian a text is, by its letters and the case of its words; undefined for one that is none. Single
 * letters amid Latin ones are accents of another encoding.
 */
export function farFromRussian(text: string): number | undefined {
  const words = text.match(CYRILLIC_RUN) ?? [];
  const ranks = Array.from(words.join('').toLowerCase(), (letter) => BY_FREQUENCY.indexOf(letter));
  const common = ranks.filter((rank) => rank < COMMON_CYRILLIC).length;
  const isText =
    ASCII_OR_CYRILLIC.test(text) &&
    words.some((word) => word.length >= 3) &&
    words.every((word) => CYRILLIC_WORD.test(word)) &&
    common >= LEAST_CYRILLIC * ranks.length;
  const shouted = words.filter((word) => CAPITALS.test(word)).length / words.length;
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
  return isText ? mean + CAPITALS_COST * shouted - PAIRS_GAIN * commonPairs(words) : undefined;
}

/** The share of neighbouring letters, 0 to 1, that are often neighbours in Russian. */
function commonPairs(words: readonly string[]): number {
  const pairs = words.flatMap((word) =>
    Array.from(word.toLowerCase()).flatMap((letter, i, letters) => (i === 0 ? [] : `${letters[i - 1]}${letter}`)),
  );
  return pairs.filter((pair) => COMMON_PAIRS.has(pair)).length / Math.max(1, pairs.length);
}

/** Syllables that make up most of Korean text; of text in another encoding they are one in twenty. */
const COMMON_HANGUL = new Set(
  '이다는의에을가고하지기로사를인대은도시자서리아스한수그해과원으일전보정어주제라부나나와장성상구도만방동조면생물세원계신안국유화경공연실분비선진교관중무모회후개내강발현거위결품량불함흠집균열얼룩찍힘크랙스래치파손이미지사진폴더새양검표판오염긁번호테스트학습정상합격재반복선행마운천할된들것때말우리있없않또년월금속철강',
);
const HANGUL = /[\uac00-\ud7a3]/g;
const ASCII_OR_KOREAN = /^[\u0000-\u007f\uac00-\ud7a3\u3131-\u318e]*$/;

/**
 * The share of a text's Korean syllables, 0 to 1, that are frequent; 0 for fewer than two, or other letters beside
 * them.
 */
export function commonHangul(text: string): number {
  const syllables = text.match(HANGUL) ?? [];
  const common = syllables.filter((syllable) => COMMON_HANGUL.has(syllable)).length;
  return ASCII_OR_KOREAN.test(text) && syllables.length >= 2 ? common / syllables.length : 0;
}

/**
 * Characters of all ways of writing Chinese characters that are most frequent in text and in the names of such sets.
 */
const COMMON_HAN =
  '的一是不了人在有我他大上中到和子你地出道也年得就那要下以生自去之好小心多天而能都然日月十用力如面外高成同工公三理主分本加合明表度水性正反定文化形等部海口第向最平原利此知由果法新前手什全回光品件板片孔底色白黑灰良格次名字目左右金木土石火玻璃布皮革瓶芯螺母四五六七八九百千万二作事入家使民行方重老少者所被相她它把但又意情真些更走快路位或因只想看每半比常取信立代清期系列任保北南西東美感打放收印刷制造材料塑膠粗糙粒粉末刀刃痕刮擦破缺陷瑕疵污點凹坑凸洞泡漏油毛刺折皺斷角焊球眼套管柱棒瓷杯盒包封蓋背副批型版夜照机近景整体局尺寸長短低坏例未命漆截幕屏站橘流挂腐蚀花点数时秒温室内厂房抽查返修退货客户供堆拍摄像裂承池晶罐氧罩';
const ONLY_SIMPLIFIED =
  '这个们来说国会过对后种为义现实从业当学发经与进里么开关长问间电气车门风见观头题类显应据号组线结给统维编练细红绿蓝银错录请设计记语论变让负责费质资运达选还边键锁镜闭阳阴阶际难静页项顺须预领频颜飞验图张处动样书东两总无产员没标注测试训证划伤纹异脏锈铁铝钢铸轴压网胶链丝钉纸织缝掩码传识别检构损断层积废备圆环齿轮输涂镀杂轻严级师双龙颗龄';
const ONLY_TRADITIONAL =
  '這個們來說時國會過對後種為義現實體從業當學發經與進裡裏麼開關問間機電氣車門風見觀頭題類顯應數據號組線結給統維編練細紅綠藍銀錯錄請設計記語論變讓負責費質資運達選還邊鍵鎖鏡閉陽陰階際難靜頁項順須預領頻顏飛驗圖張處動樣書兩總無產員沒標註測試訓證劃傷紋異髒鏽鐵鋁鋼鑄軸壓網鏈絲釘紙織縫遮碼傳識別檢構損壞層積廢備圓環齒輪輸塗鍍雜輕嚴級師雙龍檔案夾影汙廠貨戶溫攝蝕掛顆螢';
const ONLY_JAPANESE = '検査験図画録単変異物学習割欠汚写気圧縮鉄塗装傷穴曲亀試否判号機種類側';
const FREQUENT = {
  simplified: new Set(COMMON_HAN + ONLY_SIMPLIFIED),
  traditional: new Set(COMMON_HAN + ONLY_TRADITIONAL),
  japanese: new Set(COMMON_HAN + ONLY_JAPANESE),
} as const;
const HAN = /[\u3400-\u9fff]/g;
const NEIGHBOURS = /[\u3400-\u9fff]{2}/;

/**
 * The share of a text's Chinese characters, 0 to 1, that are frequent in one way of writing; 0 when none stand side by
 * side, as accents amid Latin letters do not.
 */
export function commonHan(text: string, writing: keyof typeof FREQUENT): number {
  const characters = text.match(HAN) ?? [];
  const common = characters.filter((each) => FREQUENT[writing].has(each)).length;
  return NEIGHBOURS.test(text) ? common / characters.length : 0;
}
