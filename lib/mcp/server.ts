import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { expandCommand } from '@/lib/contract/commands';
import { limits } from '@/lib/contract';
import type { Owner } from '@/lib/database/owner';
import { EngineError } from '@/lib/engine/errors';
import { toAppError } from '@/lib/http/known-errors';
import packageJson from '../../package.json';
import {
  MAX_NORMALS,
  answerOutSchema,
  findingsOutSchema,
  inspectionOutSchema,
  localImageSchema,
  remoteImageSchema,
  searchOutSchema,
  type InspectionOut,
} from './contract';
import { readImage, type McpImage } from './images';
import { summarise } from './report';
import { registerResources } from './resources';
import { ask, inspect, listFindings, searchImages, searchSchema, type Call } from './tools';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export type McpOptions = {
  owner: Owner;
  /** Whether tools may read files of this machine: over standard input and output, which is the user's own. */
  allowsPaths: boolean;
  /** Ends running work; over HTTP when the client goes away. */
  signal?: AbortSignal;
};

/**
 * Text of an error for an agent. The engine names stored pictures by their path in the storage, which is nobody's
 * business.
 */
function describeError(error: unknown, images: readonly McpImage[]): string {
  const { message } = toAppError(error);
  return error instanceof EngineError
    ? images.reduce(
        (text, { imageId, name, source }) =>
          imageId !== null && 'path' in source ? text.replaceAll(source.path, name) : text,
        message,
      )
    : message;
}

function callOf({ owner, signal }: McpOptions, extra: Extra): Call {
  const token = extra._meta?.progressToken;
  return {
    owner,
    signal: signal === undefined ? extra.signal : AbortSignal.any([extra.signal, signal]),
    onProgress(progress, total) {
      if (token !== undefined) {
        const params = { progressToken: token, progress, total, message: 'looking' };
        // A client that has gone hears nothing; the work itself ends by the signal.
        extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
      }
    },
  };
}

function links({ mask_uri: mask, report_uri: report }: Partial<Pick<InspectionOut, 'mask_uri' | 'report_uri'>>) {
  return [
    ...(mask ? [{ type: 'resource_link' as const, uri: mask, name: 'mask', mimeType: 'image/png' }] : []),
    ...(report ? [{ type: 'resource_link' as const, uri: report, name: 'report', mimeType: 'text/markdown' }] : []),
  ];
}

/**
 * The tools and resources of LookTwice for agents. One server serves one connection (standard input and output) or one
 * request (HTTP, without sessions).
 */
export function createMcpServer(options: McpOptions): McpServer {
  const { owner, allowsPaths } = options;
  const server = new McpServer(
    { name: 'looktwice', title: 'LookTwice', version: packageJson.version },
    {
      instructions:
        'Visual anomaly inspection of products and materials. Call inspect_image first; pass pictures of good parts to compare_with_normal when there are any. Scores from 0.5 mean an anomaly.',
    },
  );
  const image = (allowsPaths ? localImageSchema : remoteImageSchema).describe('The picture: exactly one of its fields');
  const readOnly = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };

  /** Runs a tool: reads its pictures, and tells an error as the tool's result, which an agent can act upon. */
  const run = async (
    given: readonly z.infer<typeof localImageSchema>[],
    extra: Extra,
    work: (call: Call, images: McpImage[]) => Promise<CallToolResult>,
  ): Promise<CallToolResult> => {
    const images: McpImage[] = [];
    try {
      for (const each of given) {
        images.push(await readImage(owner, each, allowsPaths));
      }
      return await work(callOf(options, extra), images);
    } catch (error) {
      return { isError: true, content: [{ type: 'text', text: describeError(error, images) }] };
    }
  };
  const inspected = (result: InspectionOut): CallToolResult => ({
    structuredContent: result,
    content: [{ type: 'text', text: summarise(result) }, ...links(result)],
  });

  server.registerTool(
    'inspect_image',
    {
      title: 'Inspect a picture',
      description:
        'Looks for anomalies in a picture, twice: as a whole and by tiles. Gives a verdict, a score, and findings with place, size and mask.',
      inputSchema: { image },
      outputSchema: inspectionOutSchema.shape,
      annotations: readOnly,
    },
    (args, extra) => run([args.image], extra, async (call, [first]) => inspected(await inspect(call, must(first), []))),
  );

  server.registerTool(
    'compare_with_normal',
    {
      title: 'Compare with normal pictures',
      description:
        'Inspects a picture by comparing it with pictures of good parts of the same kind; more exact than inspect_image where there are such pictures.',
      inputSchema: { image, normals: z.array(image).min(1).max(MAX_NORMALS).describe('Pictures of good parts') },
      outputSchema: inspectionOutSchema.shape,
      annotations: readOnly,
    },
    (args, extra) =>
      run([args.image, ...args.normals], extra, async (call, [first, ...normals]) =>
        inspected(await inspect(call, must(first), normals)),
      ),
  );

  server.registerTool(
    'ask_about_image',
    {
      title: 'Ask about a picture',
      description:
        'Asks a question about a picture: what is wrong, where, how bad, what to do. Go on with conversation_id and no picture.',
      inputSchema: {
        question: z.string().trim().min(1).max(limits.textLength),
        image: image.optional(),
        normals: z.array(image).max(MAX_NORMALS).default([]),
        conversation_id: z.string().max(100).optional(),
      },
      outputSchema: answerOutSchema.shape,
      annotations: readOnly,
    },
    ({ question, image: subject, normals, conversation_id: conversationId }, extra) =>
      run([...(subject === undefined ? [] : [subject]), ...normals], extra, async (call, images) => {
        const first = subject === undefined ? null : must(images[0]);
        const others = images.slice(subject === undefined ? 0 : 1);
        const asked = await ask(call, expandCommand(question).question, first, others, conversationId);
        const { answer, findings, score, model } = asked;
        return {
          structuredContent: {
            ...{ answer, findings, score, model },
            conversation_id: asked.conversationId,
            mask_uri: asked.maskUri,
          },
          content: [{ type: 'text', text: answer }, ...links({ mask_uri: asked.maskUri })],
        };
      }),
  );

  server.registerTool(
    'list_findings',
    {
      title: 'List findings',
      description: 'What was found lately, the newest first: by these tools, and in the workbench on stored pictures.',
      inputSchema: {
        limit: z.int().min(1).max(limits.pageSize).default(20),
        min_score: z.number().min(0).max(1).default(0).describe('Only inspections with this score or a higher one'),
      },
      outputSchema: findingsOutSchema.shape,
      annotations: { ...readOnly, idempotentHint: true },
    },
    ({ limit, min_score: minScore }, extra) =>
      run([], extra, async (call) => {
        const inspections = await listFindings(call, limit, minScore);
        const lines = inspections.map(
          ({ image: name, verdict, score, findings }) =>
            `${name}: ${verdict} (${score.toFixed(2)})${findings.map(({ type, place }) => `; ${type} at the ${place}`).join('')}`,
        );
        const text = lines.length === 0 ? 'Nothing was inspected yet.' : lines.join('\n');
        return { structuredContent: { inspections }, content: [{ type: 'text', text }] };
      }),
  );

  server.registerTool(
    'search_images',
    {
      title: 'Search pictures',
      description:
        'Finds pictures that are stored in LookTwice by words of their names; their image_id goes into the other tools.',
      inputSchema: searchSchema,
      outputSchema: searchOutSchema.shape,
      annotations: { ...readOnly, idempotentHint: true },
    },
    ({ query, limit, cursor }, extra) =>
      run([], extra, async (call) => {
        const found = await searchImages(call, { limit, ...(query && { query }), ...(cursor && { cursor }) });
        const lines = found.images.map(
          ({ image_id: id, name, width, height }) => `${id} ${name} (${width} x ${height})`,
        );
        const text = lines.length === 0 ? 'No stored picture has these words in its name.' : lines.join('\n');
        return { structuredContent: found, content: [{ type: 'text', text }] };
      }),
  );

  registerResources(server, owner);
  return server;
}

/** `run` hands over as many pictures as it was given. */
function must(image: McpImage | undefined): McpImage {
  if (image === undefined) {
    throw new Error('A picture is missing.');
  }
  return image;
}
