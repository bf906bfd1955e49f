/**
 * Splits Markdown into blocks that can be rendered by themselves: at blank lines, never inside a code fence, a list or
 * a table. While an answer streams only its last block changes, so the others are not parsed again.
 */
export function splitBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  let current: string[] = [];
  let fence: string | null = null;
  const flush = () => {
    if (current.some((line) => line.trim() !== '')) {
      blocks.push(current.join('\n'));
    }
    current = [];
  };
  const lines = markdown.split('\n');
  lines.forEach((line, index) => {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1] ?? null;
    if (fence === null && mark) {
      fence = mark;
    } else if (fence !== null && mark?.startsWith(fence)) {
      fence = null;
    }
    current.push(line);
    const next = lines[index + 1];
    // An indented or listed line after a blank one goes on with the list before it.
    const continues =
      next !== undefined &&
      /^(\s+\S|\s*([-*+]|\d+[.)])\s)/.test(next) &&
      current.some((held) => /^\s*([-*+]|\d+[.)])\s/.test(held));
    if (fence === null && line.trim() === '' && !continues) {
      flush();
    }
  });
  flush();
  return blocks;
}
