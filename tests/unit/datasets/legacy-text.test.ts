import fc from 'fast-check';
import { decodeLegacy, decodeText, guessLegacyEncoding } from '@/lib/datasets/legacy-text';

/**
 * The runtime only decodes: which bytes each character of an encoding has is found by decoding all single bytes and
 * pairs.
 */
const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, readonly number[]>();
  for (let first = 0x80; first < 0x100; first += 1) {
    table.set(decoder.decode(Uint8Array.of(first)), [first]);
    for (let second = 0x40; second < 0xff; second += 1) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if (character.length === 1) {
        table.set(character, [first, second]);
      }
    }
  }
  tables.set(encoding, table);
  return table;
}

/** Words in an older encoding, with the bytes that tools of that time wrote. */
function bytesOf(encoding: string, text: string): Uint8Array {
  const table = tables.get(encoding) ?? tableOf(encoding);
  return Uint8Array.from(Array.from(text).flatMap((c) => (c < '\u0080' ? [c.charCodeAt(0)] : (table.get(c) ?? []))));
}

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

/** Names of folders and files as people in each country give them; none is of another encoding's letters by chance. */
const NAMES: Readonly<Record<string, string>> = {
  ibm866: `царапина вмятина брак годен норма трещина скол пятно деталь фото снимок изображение дефект испытание обучение
    тест проверка набор данные маска верх низ корпус металл дерево стекло плата провод коррозия загрязнение складка
    обрыв отверстие лист труба партия образец номер копия день ночь свет тень левый правый`,
  'windows-1251': `царапина вмятина брак годен норма трещина скол пятно деталь фото снимок изображение дефект испытание
    обучение тест проверка набор данные маска верх низ корпус металл дерево стекло плата провод шов коррозия загрязнение
    складка обрыв отверстие лист труба сварка партия образец номер копия день ночь свет тень левый правый`,
  'koi8-r': `царапина вмятина брак годен норма трещина скол пятно деталь фото снимок изображение дефект испытание
    обучение тест проверка набор данные маска низ корпус металл дерево стекло плата провод коррозия загрязнение складка
    обрыв отверстие лист труба сварка партия образец номер копия день ночь свет тень левый правый`,
  gb18030: `划痕 刮伤 擦伤 裂纹 缺陷 瑕疵 良品 不良品 合格 不合格 正常 异常 图片 图像 照片 测试 训练集 验证集 样本 数据 标注
    掩码 原图 正面 背面 侧面 凹陷 气泡 脏污 污点 油污 变形 断裂 缺口 缺失 毛刺 生锈 孔洞 焊点 电池 电路板 零件 螺丝 瓶子
    木材 地毯 皮革 瓷砖 网格 牙刷 晶体管 拉链 表面 铸件 钢板 新建文件夹 未命名 截图 相机 产品一 工位三 第二批 漆面 颗粒`,
  big5: `劃痕 刮痕 刮傷 擦傷 裂紋 缺陷 瑕疵 良品 不良品 合格 不合格 正常 異常 圖片 圖像 影像 照片 測試 訓練集 驗證集 樣本 資料
    標註 遮罩 原圖 正面 背面 側面 凹陷 氣泡 髒污 污點 油污 變形 斷裂 缺口 缺失 毛邊 生鏽 孔洞 焊點 電池 電路板 零件 螺絲
    瓶子 膠囊 木材 地毯 皮革 瓷磚 網格 牙刷 電晶體 拉鏈 表面 鑄件 鋼板 新增資料夾 未命名 螢幕截圖 相機 產品一 漆面 顆粒`,
  shift_jis: `キズ 画像いち 不良 あいう ひび割れ 汚れ へこみ テスト 学習データ 正常品フォルダ 異物 欠け サビ バリ 打痕あり
    写真のコピー 検査 良品サンプル ピンホール`,
  'euc-kr': `불량 스크래치 정상 이미지 균열 얼룩 찍힘 양품 사진 폴더 테스트 학습 오염 긁힘 파손 결함 새폴더 부품사진 검사결과`,
};
const CASES = [
  (word: string) => word,
  (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1),
  (word: string) => word.toUpperCase(),
];

test.each(Object.entries(NAMES))('%s: each of the usual names alone', (encoding, names) => {
  const wrong = names.split(/\s+/).flatMap((name) => {
    const guess = guessLegacyEncoding([bytesOf(encoding, `${name}.png`)], 'cp437');
    return guess === encoding ? [] : `${name} (${guess})`;
  });
  expect(wrong).toEqual([]);
});

test.each(Object.entries(NAMES))('%s: a few of them together, in any letter case', (encoding, names) => {
  const name = fc
    .tuple(fc.constantFrom(...names.split(/\s+/)), fc.constantFrom(...CASES), fc.nat({ max: 999 }))
    .map(([word, change, number]) => `${change(word)} ${number}`);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { minLength: 2, maxLength: 6 }), (paths) => {
      const samples = paths.map(([folder, file]) => bytesOf(encoding, `${folder}/${file}.png`));
      expect(guessLegacyEncoding(samples, 'cp437')).toBe(encoding);
    }),
  );
});
