import nodePath from 'node:path';
import { fitName } from '../fit-name';
import { FreePaths } from './free-paths';
import { maskPng } from './mask-png';
import { LEFT_OUT_FILE, type LeftOut, leftOutText } from './trainable';
import type { ExportItem, Exporter } from './types';

type Turn = { from: 'human' | 'gpt'; value: string };

/**
 * LLaVA-style instruction data: `conversations.json` with a record per image (id, image, conversations, mask), images
 * at their own paths, masks in `masks/`. An item without a conversation of its own gets one made of its label and
 * texts; unlabelled items without either are left out.
 */
export const exportLlava: Exporter = async function* (items, { onLeftOut }) {
  const records: object[] = [];
  const masks = new Set<string>();
  const paths = new FreePaths();
  const leftOut: LeftOut[] = [];
  for await (const item of items) {
    const conversations = turnsOf(item);
    if (conversations.length === 0) {
      const left = { path: item.path, reason: 'not labelled yet, and nothing was asked about it' };
      leftOut.push(left);
      onLeftOut?.(left);
      continue;
    }
    const image = paths.pathOf(item);
    yield { path: image, content: { blob: item.sha256 } };
    const mask = item.mask === null ? undefined : maskName(item, masks);
    if (mask !== undefined && item.mask !== null) {
      yield { path: mask, content: { bytes: await maskPng(item.mask) } };
    }
    records.push({
      id: item.path,
      image,
      conversations,
      ...(mask !== undefined && { mask }),
      looktwice: item.fields,
    });
  }
  yield { path: 'conversations.json', content: { text: `${JSON.stringify(records, undefined, 1)}\n` } };
  yield* paths.sidecar();
  if (leftOut.length > 0) {
    yield { path: LEFT_OUT_FILE, content: { text: leftOutText(leftOut) } };
  }
};

/** A name for an item's mask that no other mask has on any file system, even where one picture is there twice. */
function maskName({ path, sha256 }: ExportItem, taken: Set<string>): string {
  const folder = nodePath.posix.join(
    'masks',
    ...path
      .split('/')
      .slice(0, -1)
      .map((part) => fitName(part)),
  );
  const stem = `${nodePath.posix.basename(path).replace(/\.[^.]+$/, '')}.${sha256.slice(0, 8)}`;
  for (let number = 1; ; number += 1) {
    const name = nodePath.posix.join(folder, fitName(`${stem}${number === 1 ? '' : `-${number}`}.png`));
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
