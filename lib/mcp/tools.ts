import { z } from 'zod';
import { inspectionPartSchema, limits, newId, type Finding, type ListedImage } from '@/lib/contract';
import { listImages } from '@/lib/images/list-images';
import { findingsOf } from '@/lib/assistant/inspections/inspect-image';
import { noticeOf } from '@/lib/turn/notice';
import type { TurnEvent, TurnMessage } from '@/lib/turn/types';
import { answerWith } from '@/lib/engines/answer';
import { EMBEDDED_ENGINE } from '@/lib/engines/registry';
import { findInspectionOf } from '@/lib/database/inspections';
import { listInspectionMasks } from '@/lib/database/masks';
import type { Owner } from '@/lib/database/owner';
import { queueKey } from '@/lib/engine/rounds';
import { getEngine, type QueueEvent } from '@/lib/engine/worker/client';
import type { GlanceEvent, InspectEvent } from '@/lib/engine/worker/operations';
import { AppError } from '@/lib/http/app-error';
import type { FindingOut, InspectionOut, Listed } from './contract';
import type { McpImage } from './images';
import { findTalk, keepResult, keepTalk, listInspections, maskUri, reportUri, type Result } from './results';

/** Who asks, how to end the work, and who wants to hear how far it is. */
export type Call = { owner: Owner; signal: AbortSignal; onProgress: (done: number, total: number) => void };

const findingOut = ({ type, place, severity, extentPercent, areaPx, bbox, score }: Finding): FindingOut => ({
  ...{ type, place, severity, bbox, score },
  extent_percent: extentPercent,
  area_px: areaPx,
});

function progressOf({ onProgress }: Call) {
  return (event: InspectEvent | GlanceEvent | TurnEvent | QueueEvent) => {
    if ('stage' in event && event.stage === 'looking') {
      onProgress(event.done ?? 0, event.total ?? 0);
    }
  };
}

/**
 * Looks at a picture, compared with normal ones if there are any. The result's mask and report can be read as
 * resources.
 */
export async function inspect(call: Call, image: McpImage, normals: readonly McpImage[]): Promise<InspectionOut> {
  const { owner, signal } = call;
  const seen = await getEngine().inspect(
    { image: image.source, references: normals.map(({ source }) => source) },
    { key: queueKey(owner.userId, 'mcp'), signal, onEvent: progressOf(call) },
  );
  const id = newId();
  const inspection: InspectionOut = {
    image: image.name,
    width: seen.width,
    height: seen.height,
    verdict: seen.verdict,
    probability: seen.probability,
    foreignness: seen.foreignness,
    basis: seen.basis,
    score: seen.score,
    bucket: seen.bucket,
    findings: (await findingsOf(seen)).map(findingOut),
    notice: noticeOf(image.id, seen)?.text ?? null,
    mask_uri: seen.regions.length === 0 ? null : maskUri(id),
    report_uri: reportUri(id),
    model: seen.bundle,
  };
  const masks = seen.regions.map(({ rle }) => rle);
  keepResult({ userId: owner.userId, masks, inspection, imageId: image.imageId }, id);
  return inspection;
}

export type Asked = {
  answer: string;
  conversationId: string;
  findings: FindingOut[];
  maskUri: string | null;
  score: number | null;
  model: string;
};

/**
 * Answers a question about a picture, or the next one of a conversation.
 * @param image null in a conversation that goes on about its picture
 */
export async function ask(
  call: Call,
  question: string,
  image: McpImage | null,
  normals: readonly McpImage[],
  conversationId: string | undefined,
): Promise<Asked> {
  const { owner, signal } = call;
  const before = conversationId === undefined ? undefined : findTalk(owner.userId, conversationId);
  if (conversationId !== undefined && before === undefined) {
    throw new AppError('not_found', 'This conversation is not known (any more): give the picture again without it');
  }
  if (image === null && before === undefined) {
    throw new AppError('invalid_request', 'Give a picture, or the conversation_id of an earlier answer');
  }
  const message: TurnMessage = {
    role: 'user',
    text: question,
    images: image === null ? [] : [image],
    references: [...normals],
  };
  const messages = [...(before?.messages ?? []), message];
  const focus = image?.id ?? before?.focus ?? null;
  const progress = progressOf(call);
  let answer = '';
  let score: number | null = null;
  const findings: Finding[] = [];
  const masks: Result['masks'] = [];
  const take = (event: TurnEvent | QueueEvent) => {
    progress(event);
    if (!('type' in event)) {
      return;
    }
    if (event.type === 'text') {
      answer += event.delta;
    } else if (event.type === 'inspection') {
      score = event.inspection.score;
    } else if (event.type === 'findings') {
      findings.push(...event.items);
    } else if (event.type === 'mask') {
      masks.push(event.rle);
    }
  };
  const { context, bundle } = await answerWith(
    EMBEDDED_ENGINE,
    { messages, focus, settings: {} },
    { key: queueKey(owner.userId, 'mcp'), signal, onEvent: take },
  );
  const id = conversationId ?? newId();
  keepTalk(id, { userId: owner.userId, messages: [...messages, { role: 'assistant', text: answer, context }], focus });
  const found = findings.map(findingOut);
  const marked = { userId: owner.userId, masks, inspection: null, imageId: image?.imageId ?? null };
  const uri = masks.length === 0 ? null : maskUri(keepResult(marked).id);
  return { answer, conversationId: id, findings: found, maskUri: uri, score, model: bundle };
}

/** What was found lately: by these tools, and in the workbench on pictures that are stored; the newest first. */
export async function listFindings({ owner }: Call, limit: number, minScore: number): Promise<Listed[]> {
  const own = listInspections(owner.userId).map(({ inspection, imageId }): Listed => ({
    image: inspection.image,
    image_id: imageId,
    score: inspection.score,
    bucket: inspection.bucket,
    verdict: inspection.verdict,
    probability: inspection.probability,
    findings: inspection.findings.map(({ type, place, area_px: area, bbox, score }) => ({
      ...{ type, place, bbox, score },
      area_px: area,
    })),
    report_uri: inspection.report_uri,
  }));
  const { images } = await listImages(owner, { limit: limits.pageSize });
  const stored: Listed[] = [];
  for (const image of images.filter(({ inspection }) => inspection !== null)) {
    if (own.length + stored.length >= limit) {
      break;
    }
    const listed = await storedFindings(image);
    stored.push(...listed);
  }
  return [...own, ...stored].filter(({ score }) => score >= minScore).slice(0, limit);
}

/** What the present model saw in a stored picture without references. */
async function storedFindings({ id: imageId, name, window }: ListedImage): Promise<Listed[]> {
  const engine = getEngine();
  const { bundle } = engine.status().info ?? (await engine.load());
  const row = await findInspectionOf(imageId, bundle, { referenceIds: [], window: window ?? undefined });
  const part = inspectionPartSchema.safeParse(row?.payload);
  if (row === null || !part.success) {
    return [];
  }
  const labels = (await listInspectionMasks(row.id)).map(({ label }) => label);
  const { score, bucket, verdict, probability, regions } = part.data;
  const findings = regions.map(({ place, areaPx, bbox, score: own }, index) => ({
    ...{ place, bbox, score: own },
    type: labels[index] ?? 'unknown',
    area_px: areaPx,
  }));
  return [{ image: name, image_id: imageId, score, bucket, verdict, probability, findings, report_uri: null }];
}

export const searchSchema = {
  query: z.string().max(limits.queryLength).optional().describe('Words of the name; none: the newest pictures'),
  limit: z.int().min(1).max(limits.pageSize).default(20),
  cursor: z.string().max(100).optional().describe('next_cursor of the page before'),
};

/** Pictures that are stored in LookTwice, by their names. */
export async function searchImages({ owner }: Call, wanted: { query?: string; limit: number; cursor?: string }) {
  const { query: q, limit, cursor } = wanted;
  const { images, nextCursor } = await listImages(owner, { limit, ...(q && { q }), ...(cursor && { cursor }) });
  return {
    images: images.map(({ id, name, width, height, createdAt, inspection }) => ({
      image_id: id,
      ...{ name, width, height },
      created_at: createdAt,
      score: inspection?.score ?? null,
      bucket: inspection?.bucket ?? null,
    })),
    next_cursor: nextCursor,
  };
}
