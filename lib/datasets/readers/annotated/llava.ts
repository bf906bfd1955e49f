import path from 'node:path';
import { itemFieldsSchema } from '../../annotations/item-fields';
import { annotationLimits, type Exchange } from '../../contract';
import { labelOfFolders } from '../label-words';
import type { AnnotatedCollector } from './collector';
import { type LabelFiles, LineError, toList, toRecord, toText } from './label-files';
import { answersYesOrNo, labelOfExchanges } from './verdict-of-answers';

type Turn = { role: 'asks' | 'answers'; text: string };
type Talk = { image: string; images: readonly string[]; turns: Turn[] };

/** The instruction files of a set: lists (JSON or JSON Lines) of records with an image and a conversation. */
export async function llavaFiles(files: LabelFiles): Promise<string[]> {
  const found: string[] = [];
  for await (const json of files.json()) {
    const records = 'value' in json && Array.isArray(json.value) ? (json.value as unknown[]).slice(0, 20) : [];
    if (records.some((record) => toTalk(record) !== undefined)) {
      found.push(json.file);
    }
  }
  return found;
}

/**
 * Conversations about images: LLaVA's and Anomaly-Instruct's
 * `conversations: [{from: "human", value}, {from: "gpt", value}]`, the `messages: [{role, content}]` of chat models,
 * and `query` with `response`. Records of one image are joined. The label is what the yes-or-no answers say
 * (`labelOfExchanges`), else what the folder says (`good`, `normal`), else unlabelled. Records without an image are
 * skipped.
 */
export async function readLlava(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await llavaFiles(files)) {
    const json = await files.read(file);
    const isLines = !file.toLowerCase().endsWith('.json');
    const byImage = new Map<string, { talks: Exchange[]; mask: string[]; own: unknown }>();
    for (const [index, value] of ('value' in json ? (toList(json.value) ?? []) : []).entries()) {
      const talk = toTalk(value);
      if (talk === undefined) {
        const reason =
          value instanceof LineError ? `it is no JSON: ${value.message}` : 'it needs an image and a conversation';
        const where = isLines ? `${file}, line ${index + 1}` : `${file}, record ${index}`;
        collector.report('bad_row', where, `The record is left out: ${reason}.`);
        const image = imageOf(toRecord(value) ?? {});
        if (image === undefined) {
          collector.lose(`${where}: ${reason}`);
        } else {
          collector.state({
            image,
            source: file,
            folders: foldersOf(file),
            label: 'unlabelled',
            doubts: [`${where} cannot be read`],
          });
        }
        continue;
      }
      if (talk.images.length > 1) {
        // Of which of them the answers speak, nobody can tell.
        const where = isLines ? `${file}, line ${index + 1}` : `${file}, record ${index}`;
        const doubts = [`${where} is one conversation about ${talk.images.length} images`];
        const placed = { source: file, folders: foldersOf(file), doubts, isVague: true };
        const exchanges = toExchanges(talk.turns).slice(0, annotationLimits.exchanges);
        talk.images.forEach((image) => collector.state({ ...placed, image, exchanges }));
        continue;
      }
      const record = toRecord(value);
      const known = byImage.get(talk.image) ?? { talks: [], mask: [], own: undefined };
      known.talks.push(...toExchanges(talk.turns));
      known.mask.push(...[toText(record?.['mask']) ?? []].flat());
      known.own ??= record?.['looktwice'];
      byImage.set(talk.image, known);
    }
    for (const [image, { talks, mask, own }] of byImage) {
      const exchanges = talks.slice(0, annotationLimits.exchanges);
      const said = answersYesOrNo(exchanges);
      const label = labelOfExchanges(exchanges) ?? (said ? undefined : labelOfFolders(image));
      const stated = itemFieldsSchema.safeParse(own).data;
      collector.state({
        image,
        source: file,
        folders: foldersOf(file),
        exchanges,
        masks: mask,
        ...(label !== undefined && { label }),
        own: stated,
      });
    }
  }
}

const foldersOf = (file: string): string[] => {
  const folder = path.posix.dirname(file);
  return ['.', folder, 'images', path.posix.join(folder, 'images')];
};

const imageOf = (record: Readonly<Record<string, unknown>>): string | undefined => imagesOf(record)[0];

/** The images that a record names: `image`, `images`, or within the content of a message. */
function imagesOf(record: Readonly<Record<string, unknown>>): readonly string[] {
  const named = [record['image'], record['images'], record['image_path'], record['img']].flat();
  const inMessages = (toList(record['messages']) ?? []).flatMap((message) => {
    const content = toRecord(message)?.['content'];
    return Array.isArray(content) ? content.flatMap((part) => imagePart(part) ?? []) : [];
  });
  return [
    ...new Set([...named, ...inMessages].flatMap((value) => toText(value) ?? toText(toRecord(value)?.['path']) ?? [])),
  ];
}

/** An image within a message: `{type: "image", image | path | url}`, `{type: "image_url", image_url: {url}}`. */
function imagePart(value: unknown): string | undefined {
  const part = toRecord(value);
  const named = part && [part['image'], part['path'], part['url'], part['image_url']];
  return named?.map((entry) => toText(entry) ?? toText(toRecord(entry)?.['url'])).find((name) => name !== undefined);
}

function toTalk(value: unknown): Talk | undefined {
  const record = toRecord(value);
  const images = record === undefined ? [] : imagesOf(record);
  const [image] = images;
  if (record === undefined || image === undefined) {
    return undefined;
  }
  const [query, response] = [
    toText(record['query'] ?? record['question'], Infinity),
    toText(record['response'] ?? record['answer'], Infinity),
  ];
  const turns: (Turn | undefined)[] | undefined =
    toList(record['conversations'] ?? record['messages'])?.map(toTurn) ??
    (query !== undefined && response !== undefined
      ? [
          { role: 'asks', text: query },
          { role: 'answers', text: response },
        ]
      : undefined);
  const known = turns?.flatMap((turn) => turn ?? []) ?? [];
  return known.length === 0 || known.length !== turns?.length ? undefined : { image, images, turns: known };
}

/** A turn in either form. A system prompt says nothing about the image. */
function toTurn(value: unknown): Turn | undefined {
  const record = toRecord(value);
  const speaker = toText(record?.['from'] ?? record?.['role'])?.toLowerCase() ?? '';
  const content = record?.['value'] ?? record?.['content'];
  const text = Array.isArray(content)
    ? content
        .flatMap((part) => toText(typeof part === 'string' ? part : toRecord(part)?.['text'], Infinity) ?? [])
        .join('\n')
    : content;
  if (typeof text !== 'string') {
    return undefined;
  }
  if (/^(human|user)$/.test(speaker)) {
    return { role: 'asks', text };
  }
  if (/^(gpt|assistant|model|bot)$/.test(speaker)) {
    return { role: 'answers', text };
  }
  return speaker === 'system' ? { role: 'answers', text: '' } : undefined;
}

/** Pairs each question with the answer that follows it, without the image's placeholder. */
function toExchanges(turns: readonly Turn[]): Exchange[] {
  const exchanges: Exchange[] = [];
  const cut = (text: string) => text.slice(0, annotationLimits.textLength);
  turns.forEach(({ role, text }, index) => {
    const next = turns[index + 1];
    if (role === 'asks' && next?.role === 'answers') {
      const question = text.replaceAll(/<image>\n?/g, '').trim();
      exchanges.push({ question: cut(question), answer: cut(next.text.trim()) });
    }
  });
  return exchanges;
}
