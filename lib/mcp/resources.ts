import { ResourceTemplate, type McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import sharp from 'sharp';
import type { Rle } from '@/lib/contract';
import { maskPng } from '@/lib/assistant/masks/mask-file';
import { findMask } from '@/lib/database/masks';
import type { Owner } from '@/lib/database/owner';
import { notFound } from '@/lib/http/app-error';
import { union } from '@/lib/segmentation/morphology';
import { decodeRle } from '@/lib/segmentation/rle';
import { reportMarkdown } from './report';
import { findResult, isInspected, listInspections, maskUri, reportUri } from './results';

/** Masks of one picture, together, as a grey PNG: 255 where something is marked. */
async function unionPng(masks: readonly Rle[]): Promise<Buffer> {
  const [first, ...others] = masks.map(decodeRle);
  if (first === undefined) {
    throw notFound('mask');
  }
  const { width, height, data } = others.reduce(union, first);
  const grey = data.map((value) => value * 255);
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

async function readMask(owner: Owner, id: string): Promise<Buffer> {
  const result = findResult(owner.userId, id);
  if (result !== undefined) {
    return unionPng(result.masks);
  }
  const stored = await findMask(owner, id);
  if (stored === null) {
    throw notFound('mask');
  }
  return maskPng(stored.rle as Rle);
}

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? '';

/** Masks and reports of what the tools found (and masks that are stored), by the addresses that the tools tell. */
export function registerResources(server: McpServer, owner: Owner): void {
  const list = (uriOf: (id: string) => string, what: string, mimeType: string, all: boolean) => () => ({
    resources: listInspections(owner.userId)
      .filter(({ masks }) => all || masks.length > 0)
      .map(({ id, inspection }) => ({ uri: uriOf(id), name: `${what} of ${inspection.image}`, mimeType })),
  });
  server.registerResource(
    'mask',
    new ResourceTemplate('looktwice://masks/{id}', { list: list(maskUri, 'Mask', 'image/png', false) }),
    {
      title: 'Mask',
      description: 'A PNG of the size of the picture, 255 where something is marked',
      mimeType: 'image/png',
    },
    async (uri, { id }) => ({
      contents: [
        { uri: uri.href, mimeType: 'image/png', blob: (await readMask(owner, single(id))).toString('base64') },
      ],
    }),
  );
  server.registerResource(
    'report',
    new ResourceTemplate('looktwice://reports/{id}', { list: list(reportUri, 'Report', 'text/markdown', true) }),
    { title: 'Report', description: 'An inspection as Markdown', mimeType: 'text/markdown' },
    (uri, { id }) => {
      const result = findResult(owner.userId, single(id));
      if (!isInspected(result)) {
        throw notFound('report');
      }
      return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text: reportMarkdown(result) }] };
    },
  );
}
