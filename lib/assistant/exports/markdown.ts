import type { SheetPart, StoredMessage, StoredPart } from '@/lib/contract';
import { describeSheet } from '@/lib/contract/sheet-text';
import { formatPercent } from '@/lib/segmentation/describe';
import { describeScore, masksOf, shownImages, type ExportedConversation } from './gather';
import { drawMasks } from './overlay';
import { failedLines, SHEET_HEAD, sheetRows } from './sheet';

const PICTURE_WIDTH = 640;

/** Text of a user or a file, in which nothing is markup. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&');
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${escape(line)}`)
    .join('\n');
}

function partMarkdown(part: StoredPart, role: StoredMessage['role']): string {
  switch (part.type) {
    case 'text':
      return role === 'user' ? quote(part.text) : part.text;
    case 'data-image': {
      const { name, width, height, role: use } = part.data;
      return `- Image${use === 'reference' ? ' (normal reference)' : ''}: ${escape(name)}, ${width} x ${height} px`;
    }
    case 'data-findings':
      if (part.data.items.length === 0) {
        return '';
      }
      return [
        '| Type | Place | Extent | Severity | Score |',
        '| --- | --- | --- | --- | --- |',
        ...part.data.items.map(
          ({ type, place, extentPercent, severity, score }) =>
            `| ${escape(type)} | ${escape(place)} | ${formatPercent(extentPercent, 100)} % | ${severity} | ${score.toFixed(2)} |`,
        ),
      ].join('\n');
    case 'data-dataset': {
      const { title, name, columns, rows } = part.data;
      const line = (cells: readonly string[]) => `| ${cells.map(escape).join(' | ')} |`;
      const table = [line(columns), line(columns.map(() => '---')), ...rows.map(({ cells }) => line(cells))];
      return [`**${escape(title)}** (${escape(name)})\n`, ...(rows.length > 0 ? table : [])].join('\n');
    }
    case 'data-notice':
      return `> **Note:** ${escape(part.data.text)}`;
    case 'data-checklist':
      return [
        `**${escape(part.data.title)}**\n`,
        ...part.data.items.map(({ text, group, done }) => `- [${done ? 'x' : ' '}] ${escape(group)}: ${escape(text)}`),
      ].join('\n');
    case 'data-sources':
      return part.data.length === 0
        ? ''
        : ['**Sources**\n', ...part.data.map(({ title, kind }) => `- ${escape(title)} (${kind})`)].join('\n');
    case 'data-engine': {
      const { label, model, host, fallback } = part.data;
      const asked = `Asked ${escape(label)} (${escape(model)} at ${escape(host)})`;
      return fallback === null
        ? `- ${asked}`
        : `- ${asked}, which failed: ${escape(fallback.reason)} Written by the ${escape(fallback.to)} engine.`;
    }
    // Names its images, see `sheetMarkdown`.
    case 'data-sheet':
    case 'data-inspection':
    case 'data-mask':
    case 'data-followups':
    case 'data-timings':
      return '';
  }
}

/** A contact sheet as a table, in its order. */
function sheetMarkdown(part: SheetPart, images: ExportedConversation['images']): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(' | ')} |`;
  const table = [line(SHEET_HEAD), line(SHEET_HEAD.map(() => '---')), ...sheetRows(part, images).map(line)];
  const failed = failedLines(part, images).map((each) => `- ${escape(each)}`);
  return [`**${escape(describeSheet(part))}**`, table.join('\n'), failed.join('\n')].filter(Boolean).join('\n\n');
}

/** The branch as one Markdown file; with `pictures`, those with their masks are in it, as data addresses at its end. */
export async function toMarkdown(
  exported: ExportedConversation,
  { pictures: withPictures = true }: { pictures?: boolean } = {},
): Promise<string> {
  const blocks = [
    `# ${escape(exported.title)}`,
    `Exported ${exported.exportedAt.toISOString()}${exported.bundles.length > 0 ? ` · model ${exported.bundles.join(', ')}` : ''}`,
  ];
  const pictures: string[] = [];
  for (const message of exported.messages) {
    const who = message.role === 'user' ? 'Question' : 'Answer';
    const { state, createdAt } = message.metadata;
    blocks.push(`## ${who}, ${createdAt}${state === 'complete' ? '' : ` (${state})`}`);
    for (const { imageId, inspection } of shownImages(message)) {
      const image = exported.images.get(imageId);
      if (image === undefined) {
        continue;
      }
      if (withPictures) {
        const jpeg = await drawMasks(image, masksOf(message, imageId), PICTURE_WIDTH);
        const label = `picture-${pictures.length + 1}`;
        pictures.push(`[${label}]: data:image/jpeg;base64,${jpeg.toString('base64')}`);
        blocks.push(`![${escape(image.name)} with the mask drawn][${label}]`);
      }
      const score = inspection === undefined ? '' : `${describeScore(inspection)}. `;
      blocks.push(`${score}File ${escape(image.name)}, SHA-256 ${image.sha256}`);
    }
    blocks.push(
      ...message.parts.map((part) =>
        part.type === 'data-sheet' ? sheetMarkdown(part.data, exported.images) : partMarkdown(part, message.role),
      ),
    );
  }
  return `${[...blocks, pictures.join('\n')].filter((block) => block !== '').join('\n\n')}\n`;
}
