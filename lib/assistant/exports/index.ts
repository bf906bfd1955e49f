import type { Owner } from '@/lib/database/owner';
import { gatherExport } from './gather';
import { toJson } from './json';
import { toMarkdown } from './markdown';
import { toPdf } from './pdf';

export type ExportFormat = 'md' | 'json' | 'pdf';
export type ExportedFile = { bytes: Uint8Array; mime: string; name: string };

const MIME: Record<ExportFormat, string> = {
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
  pdf: 'application/pdf',
};

/** A file name that every system takes. */
export function fileStem(title: string): string {
  const stem = title
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return stem === '' ? 'conversation' : stem;
}

/**
 * A branch of a conversation as a file.
 * @throws AppError not_found
 */
export async function exportConversation(
  owner: Owner,
  id: string,
  { format, leaf, pictures = '1' }: { format: ExportFormat; leaf?: string | undefined; pictures?: '0' | '1' },
): Promise<ExportedFile> {
  const exported = await gatherExport(owner, id, leaf);
  const render = {
    md: async () => Buffer.from(await toMarkdown(exported, { pictures: pictures === '1' })),
    json: () => Promise.resolve(Buffer.from(toJson(exported))),
    pdf: () => toPdf(exported),
  };
  return { bytes: await render[format](), mime: MIME[format], name: `${fileStem(exported.title)}.${format}` };
}
