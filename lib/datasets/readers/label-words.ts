import { namesDefect } from './defect-words';

/**
 * Words that name a whole image, a folder, a class or a choice as normal or as anomalous. Compared without case, `_`,
 * `-` and spaces being one.
 */
const NORMAL = new Set([
  ...['normal', 'good', 'ok', 'okay', 'healthy', 'negative', 'no defect', 'no defects', 'no anomaly', 'defect free'],
  ...['non defective', 'not defective', 'nodefect', 'flawless', 'intact', 'pass', 'passed', 'background', 'io'],
  ...['no anomalies', 'anomaly free', 'accept', 'accepted', 'acceptable', 'conforming', 'undamaged', 'non anomalous'],
  ...[
    '正常',
    '正常品',
    '良',
    '良品',
    '合格',
    '合格品',
    '好',
    '无缺陷',
    '無缺陷',
    '无异常',
    '異常なし',
    '欠陥なし',
    '良好',
  ],
  ...['양품', '정상', '합격', 'норма', 'годен', 'годный', 'gut', 'in ordnung', 'gutteil', 'einwandfrei', 'fehlerfrei'],
  ...['bueno', 'bon', 'conforme', 'correcto', 'buono'],
]);
const ANOMALOUS = new Set([
  ...['anomalous', 'anomaly', 'anomalies', 'abnormal', 'defect', 'defects', 'defective', 'bad', 'ng', 'nok', 'ko'],
  ...['not ok', 'no good', 'not good', 'positive', 'fail', 'failed', 'faulty', 'damaged', 'nio', 'logical anomalies'],
  ...['structural anomalies', 'reject', 'rejected', 'unacceptable', 'nonconforming', 'non conforming', 'not normal'],
  ...[
    '异常',
    '異常',
    '异常品',
    '缺陷',
    '有缺陷',
    '瑕疵',
    '不良',
    '不良品',
    '不合格',
    '不合格品',
    '欠陥',
    '欠陥品',
    '次品',
    '不可',
  ],
  ...['불량', '불량품', '불합격', '비정상', '결함', 'брак', 'дефект', 'негоден', 'schlecht', 'fehler', 'fehlerhaft'],
  ...['defekt', 'mangelhaft', 'schlechtteil', 'ausschuss', 'nicht in ordnung', 'malo', 'defectuoso', 'mauvais'],
  ...['non conforme', 'no conforme', 'incorrecto', 'difettoso'],
]);

const plain = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\p{L})\.(?=\s*\p{L}|\s*$)/gu, '')
    .replace(/[_\s-]+/g, ' ')
    .trim();

/** What a word says about an image; undefined when it is neither, such as a defect's name. */
export function labelOfWord(word: string): 'normal' | 'anomalous' | undefined {
  const key = plain(word);
  return NORMAL.has(key) ? 'normal' : ANOMALOUS.has(key) ? 'anomalous' : undefined;
}

const OPEN =
  /^(un(labell?ed|sure|known|decided|certain|clear|reviewed|checked|classified)|to (check|review|do)|todo|not (labell?ed|reviewed|checked))$/;

/** True for a word that says that nobody has decided. */
export const isOpenWord = (word: string): boolean => OPEN.test(plain(word));

/**
 * What the names of an image's folders say, the innermost first. A folder called normal says nothing about those in it
 * for defects and undecided images.
 */
export function labelOfFolders(image: string): 'normal' | 'anomalous' | undefined {
  const folders = image.replaceAll('\\', '/').split('/').slice(0, -1).reverse();
  const at = folders.findIndex((folder) => labelOfWord(folder) !== undefined);
  const label = labelOfWord(folders[at] ?? '');
  const isOther = folders.slice(0, Math.max(at, 0)).some((folder) => namesDefect(folder) || isOpenWord(folder));
  return label === 'normal' && isOther ? undefined : label;
}

/** The one label that all have, `mixed` for several, null for none. */
export function commonLabel(shapes: readonly { label: string }[]): string | null {
  const labels = new Set(shapes.map(({ label }) => label));
  return labels.size > 1 ? 'mixed' : ([...labels][0] ?? null);
}

/** The split that a folder's or a file's name says. */
export function splitOfWord(word: string): 'train' | 'val' | 'test' | null {
  const name = /^(train|training|val|valid|validate|validation|dev|test|testing)(?![a-z])/i
    .exec(word)?.[1]
    ?.toLowerCase();
  return name === undefined ? null : name.startsWith('tr') ? 'train' : name.startsWith('te') ? 'test' : 'val';
}

/** Folders of masks, and of pictures that tools draw to look at; neither are images of the set. */
const MASK_FOLDERS =
  /^(masks?|mask_images|ground_?truths?|gt|labels?_?(png|mask)?|segmentation(class|object)\w*|(seg|semantic)_?masks?|visuali[sz]ations?|overlays?|heat_?maps?|anomaly_?maps?|annotations?)$/i;

export const isMaskFolder = (name: string): boolean => MASK_FOLDERS.test(name.replaceAll(/[\s-]/g, '_'));

/** Folders of pictures with the annotation drawn over them, which mark nothing by themselves. */
export const isDrawingFolder = (name: string): boolean =>
  /(visuali[sz]ation|overlay|heat[_-]?map|anomaly[_-]?map)s?$/i.test(name);
