/** A block of an answer's Markdown as a report prints it. */
export type TextBlock = { kind: 'paragraph' | 'heading' | 'item'; text: string };

function withoutMarks(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replace(/(^|\s)[*_](\S[^*_]*?)[*_](?=\s|[.,;:!?]|$)/g, '$1$2');
}

/** Splits the Markdown that answers use (paragraphs, headings, lists, emphasis) into blocks of plain text. */
export function toBlocks(markdown: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let open = false;
  for (const line of markdown.split('\n')) {
    const text = line.trim();
    const heading = /^#{1,6}\s+(.*)$/.exec(text)?.[1];
    const item = /^(?:[-*+]|\d{1,3}[.)])\s+(.*)$/.exec(text)?.[1];
    const last = blocks.at(-1);
    if (text === '') {
      open = false;
    } else if (heading !== undefined) {
      blocks.push({ kind: 'heading', text: withoutMarks(heading) });
      open = false;
    } else if (item !== undefined) {
      blocks.push({ kind: 'item', text: withoutMarks(item) });
      open = true;
    } else if (open && last !== undefined) {
      last.text += ` ${withoutMarks(text)}`;
    } else {
      blocks.push({ kind: 'paragraph', text: withoutMarks(text) });
      open = true;
    }
  }
  return blocks;
}
