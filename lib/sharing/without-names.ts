import type { StoredMessage, StoredPart } from '@/lib/assistant/contract';

/** "Image 1", "Image 2" ... in the order of `imageIds`. */
function labels(imageIds: readonly string[]): Map<string, string> {
  return new Map(imageIds.map((id, index) => [id, `Image ${index + 1}`]));
}

/** Whether a name is looked for in running text: a plain word ("image") says nothing about the file, and would be hidden everywhere. */
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

type Named = { title: string; messages: StoredMessage[] };

/**
 * A conversation without the file names of its images: parts and titles call them by number, and so do the words of questions and answers, in which people and
 * `#name` mentions repeat them.
 * @param names the images that may be named, in the order in which they appear
 */
export function withoutNames({ title, messages }: Named, names: readonly { id: string; name: string }[]): Named {
  const label = labels(names.map(({ id }) => id));
  // Longest first, so that `part.png` does not eat a piece of `big-part.png`.
  const named = names.map(({ id, name }) => ({ name, label: label.get(id) ?? 'Image' }));
  const known = named
    .flatMap(({ name, label: to }) => [
      { name, label: to },
      { name: stemOf(name), label: to },
    ])
    .filter(({ name }) => isTelling(name))
    .sort((a, b) => b.name.length - a.name.length);
  const hide = (text: string) =>
    known.reduce((hidden, { name, label: to }) => {
      const mention = name.replace(/\s+/g, '-');
      return hidden.replaceAll(name, to).replaceAll(mention, to.replace(' ', '-'));
    }, text);
  const hidePart = (part: StoredPart): StoredPart => {
    switch (part.type) {
      case 'text':
        return { ...part, text: hide(part.text) };
      case 'data-image':
        return { ...part, data: { ...part.data, name: label.get(part.data.imageId) ?? 'Image' } };
      case 'data-sources':
        return {
          ...part,
          data: part.data.map((source) =>
            source.kind === 'image' ? { ...source, title: label.get(source.id) ?? 'Image' } : source,
          ),
        };
      default:
        return part;
    }
  };
  return {
    title: hide(hideTitle(title, named)),
    messages: messages.map((message) => ({ ...message, parts: message.parts.map(hidePart) })),
  };
}
