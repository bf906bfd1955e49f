import type { DatasetPart, EnginePart, StoredMessage, StoredPart } from '@/lib/contract';

/** "Image 1", "Image 2" ... in the order of `imageIds`. */
function labels(imageIds: readonly string[]): Map<string, string> {
  return new Map(imageIds.map((id, index) => [id, `Image ${index + 1}`]));
}

/**
 * Whether a name is looked for in running text: a plain word ("image") says nothing about the file, and would be hidden
 * everywhere.
 */
function isTelling(name: string): boolean {
  return name.length >= 4 && /[^\p{L}]/u.test(name.trim());
}

/** A name without its ending, as titles of conversations begin with (lib/assistant/answers/read-question). */
function stemOf(name: string): string {
  return name.replace(/\.\w{1,5}$/, '');
}

/** A title without the name that it was given from an image, whole or cut. */
function hideTitle(title: string, named: readonly { name: string; label: string }[]): string {
  const cut = title.endsWith('…') ? title.slice(0, -1) : null;
  for (const { name, label } of named) {
    const stem = stemOf(name);
    if (title === stem || title.startsWith(`${stem}: `)) {
      return `${label}${title.slice(stem.length)}`;
    }
    if (cut !== null && cut !== '' && stem.startsWith(cut)) {
      return label;
    }
  }
  return title;
}

/** A name of the conversation and what stands for it. */
type Hidden = { name: string; label: string };

/** What a machine is called that an engine was asked at. */
const ELSEWHERE = 'another machine';

/** What a data set is called. */
const SET = 'a data set';

/** What running text may call an item: its path, its file and that without ending. */
function itemNames(path: string, label: string): Hidden[] {
  const file = path.split('/').at(-1) ?? path;
  return [path, file, stemOf(file)].map((name) => ({ name, label }));
}

/** The data sets of a conversation, and the paths of their items, which are numbered as they appear. */
function readSets(messages: readonly StoredMessage[]) {
  const parts = messages.flatMap((message) =>
    message.parts.flatMap((part) => (part.type === 'data-dataset' ? [part.data] : [])),
  );
  const items = new Map<string, Hidden>();
  for (const { itemId, cells } of parts.flatMap(({ rows }) => rows)) {
    if (itemId !== null && !items.has(itemId)) {
      items.set(itemId, { name: cells[0] ?? '', label: `Item ${items.size + 1}` });
    }
  }
  return { sets: [...new Set(parts.map(({ name }) => name))], items };
}

/** An engine elsewhere without the machine that it was asked at. */
function hideHost(part: EnginePart): EnginePart {
  const { host, fallback } = part;
  const reason = fallback?.reason.replaceAll(host, ELSEWHERE) ?? '';
  return { ...part, host: ELSEWHERE, fallback: fallback === null ? null : { ...fallback, reason } };
}

/** A card about a data set without the set's name and its items' paths; its figures stay. */
function hideSet(part: DatasetPart, items: ReadonlyMap<string, Hidden>): DatasetPart {
  return {
    ...part,
    name: SET,
    // The model was given it to word its sentence; it names paths, and nobody reads it.
    evidence: '',
    // This title ends with the path of the item that was asked about.
    title: part.kind === 'similar' ? 'Items that look most like the image' : part.title,
    rows: part.rows.map((row) => {
      const item = row.itemId === null ? undefined : items.get(row.itemId);
      return item === undefined ? row : { ...row, cells: [item.label, ...row.cells.slice(1)] };
    }),
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * Replaces names in running text, in capitals or not, as mentions find them. The longest first, so that `part.png` does
 * not eat a piece of `big-part.png`.
 */
function hider(hidden: readonly Hidden[]): (text: string) => string {
  const rules = [...hidden]
    .sort((a, b) => b.name.length - a.name.length)
    .map(({ name, label }) => ({ pattern: new RegExp(escaped(name), 'giu'), label }));
  return (text) => rules.reduce((shown, { pattern, label }) => shown.replace(pattern, () => label), text);
}

/** Every string of `value` through `hide`, wherever it stands. */
function mapStrings(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return hide(value);
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => mapStrings(item, hide));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, hide)]));
  }
  return value;
}

/** `contexts`: the turns' parts of the prompt, by message. */
type Named = { title: string; messages: StoredMessage[]; contexts: Record<string, unknown> };

/**
 * A conversation without the names of its images, data sets and their items, and of machines that engines were asked
 * at: parts and titles call them by number, and so do the words of questions and answers, in which people and mentions
 * (`#name`, `@name`) repeat them. An answer that tells a name loses its context, which holds the words as tokens; a
 * copy goes on from its text.
 * @param names the images that may be named, in the order in which they appear
 */
export function withoutNames(
  { title, messages, contexts }: Named,
  names: readonly { id: string; name: string }[],
): Named {
  const label = labels(names.map(({ id }) => id));
  const named = names.map(({ id, name }) => ({ name, label: label.get(id) ?? 'Image' }));
  const { sets, items } = readSets(messages);
  const files = [
    ...named.flatMap(({ name, label: to }) => [
      { name, label: to },
      { name: stemOf(name), label: to },
    ]),
    ...[...items.values()].flatMap(({ name, label: to }) => itemNames(name, to)),
    ...sets.map((name) => ({ name, label: SET })),
  ].filter(({ name }) => isTelling(name));
  const hide = hider([
    ...files.flatMap(({ name, label: to }) => [
      { name, label: to },
      { name: name.replace(/\s+/g, '-'), label: to.replaceAll(' ', '-') },
    ]),
    // A mention tells a set's name even when that is a plain word, and so does what the model was given.
    ...sets.flatMap((name) =>
      [`@${name}`, `@"${name}"`, `data set ${name}`].map((each) => ({ name: each, label: SET })),
    ),
  ]);
  const hidePart = (part: StoredPart): StoredPart => {
    switch (part.type) {
      case 'text':
        return { ...part, text: hide(part.text) };
      case 'data-image':
        return { ...part, data: { ...part.data, name: label.get(part.data.imageId) ?? 'Image' } };
      case 'data-dataset':
        return { ...part, data: hideSet(part.data, items) };
      case 'data-sheet':
        return {
          ...part,
          data: {
            ...part.data,
            failed: part.data.failed.map(({ imageId, reason }) => ({ imageId, reason: hide(reason) })),
          },
        };
      case 'data-engine':
        return { ...part, data: hideHost(part.data) };
      case 'data-sources':
        return {
          ...part,
          data: part.data.map((source) =>
            source.kind === 'image' ? { ...source, title: label.get(source.id) ?? 'Image' } : source,
          ),
        };
      case 'data-inspection':
      case 'data-notice':
      case 'data-mask':
      case 'data-findings':
      case 'data-checklist':
      case 'data-followups':
      case 'data-timings':
        return part;
    }
  };
  const tellsName = new Set(
    messages.flatMap(({ id, parts }) =>
      parts.some((part) => part.type === 'text' && hide(part.text) !== part.text) ? [id] : [],
    ),
  );
  return {
    title: hide(hideTitle(title, named)),
    messages: messages.map(({ parts, metadata: { error, ...metadata }, ...message }) => ({
      ...message,
      parts: parts.map(hidePart),
      // The engine's errors name the file that they are about.
      metadata: { ...metadata, ...(error !== undefined && { error: { ...error, message: hide(error.message) } }) },
    })),
    contexts: Object.fromEntries(
      Object.entries(contexts).flatMap(([id, context]) =>
        tellsName.has(id) ? [] : [[id, mapStrings(context, hide)] as const],
      ),
    ),
  };
}
