import { maskPng } from './mask-png';
import type { ExportItem, Exporter } from './types';

type Turn = { from: 'human' | 'gpt'; value: string };

/**
 * LLaVA-style instruction data: `conversations.json` with a record per image (id, image, conversations, mask), images at their own paths, masks in `masks/`. An item
 * without a conversation of its own gets one made of its label and texts; unlabelled items without either are left out.
 */
export const exportLlava: Exporter = async function* (items) {
  const records: object[] = [];
  const masks = new Set<string>();
  for await (const item of items) {
    const conversations = turnsOf(item);
    if (conversations.length === 0) {
      continue;
    }
    yield { path: item.path, content: { blob: item.sha256 } };
    const mask = item.mask === null ? undefined : maskName(item, masks);
    if (mask !== undefined && item.mask !== null) {
      yield { path: mask, content: { bytes: await maskPng(item.mask) } };
    }
    records.push({
      id: item.path,
      image: item.path,
      conversations,
      ...(mask !== undefined && { mask }),
      looktwice: item.fields,
    });
  }
  yield { path: 'conversations.json', content: { text: `${JSON.stringify(records, undefined, 1)}\n` } };
};

/** A name for an item's mask that no other mask has on any file system, even where one picture is there twice. */
function maskName({ path, sha256 }: ExportItem, taken: Set<string>): string {
  const stem = `masks/${path.replace(/\.[^./]+$/, '')}.${sha256.slice(0, 8)}`;
  for (let number = 1; ; number += 1) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}.png`;
    const key = name.normalize('NFC').toLowerCase();
    if (!taken.has(key)) {
      taken.add(key);
      return name;
    }
  }
}

function turnsOf({ fields }: ExportItem): Turn[] {
  const { exchanges, label, defectType, description, impact, suggestion } = fields;
  const pairs: { question: string; answer: string }[] = exchanges.map(({ question, answer, options }) => ({
    question: [question, ...Object.entries(options ?? {}).map(([letter, text]) => `${letter}: ${text}`)].join('\n'),
    answer,
  }));
  if (pairs.length === 0 && label !== 'unlabelled') {
    const verdict =
      label === 'normal'
        ? 'No, nothing in this image looks anomalous.'
        : `Yes, there is an anomaly${defectType === null ? '' : `: ${defectType}`}.`;
    pairs.push({
      question: 'Is there any anomaly in this image?',
      answer: [verdict, description].filter(Boolean).join(' '),
    });
    if (impact !== null) {
      pairs.push({ question: 'What is the impact of this anomaly?', answer: impact });
    }
    if (suggestion !== null) {
      pairs.push({ question: 'What corrective actions do you suggest?', answer: suggestion });
    }
  }
  return pairs.flatMap(({ question, answer }, index): Turn[] => [
    { from: 'human', value: index === 0 ? `<image>\n${question}` : question },
    { from: 'gpt', value: answer },
  ]);
}
