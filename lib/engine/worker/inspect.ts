import { frozenComparer } from '@/lib/anomaly/frozen';
import { heatmapPng } from '@/lib/anomaly/heatmap';
import type { InspectionState } from '@/lib/anomaly/state';
import type { Models } from './models';
import { loadImage } from './load-image';
import { type Rle, encodeRle } from '@/lib/segmentation/rle';
import { markAt } from '@/lib/turn/local/local-perception';
import type { Inspection, Marked } from '@/lib/turn/perception';
import type { GlanceEvent, InspectEvent, InspectRequest, MarkRequest, SegmentRequest } from './operations';

type Context<Event = InspectEvent> = { signal: AbortSignal; emit: (event: Event) => void };

/** Decodes an image (and its references), inspects it and draws the mask of the default prompt. */
export async function inspectImage(
  models: Models,
  request: InspectRequest,
  context: Context<InspectEvent | GlanceEvent>,
): Promise<Inspection> {
  const { signal, emit } = context;
  const started = performance.now();
  emit({ stage: 'decoding' });
  const image = await loadImage(request.image);
  const references = [];
  for (const reference of request.references ?? []) {
    references.push(await loadImage(reference));
  }
  const decodeMs = performance.now() - started;
  const state = await models.inspector.inspect(image, {
    references,
    parts: request.parts,
    comparer: request.frozen && frozenComparer(request.frozen),
    signal,
    onProgress: (done, total) => emit({ stage: 'looking', done, total }),
    ...(request.glance === true && {
      onGlance: async (map) => emit({ stage: 'glance', heatmap: await heatmapPng(map) }),
    }),
  });
  const inspection = await describeState(models, state, { decodeMs, started });
  return request.includeMap === true ? { ...inspection, map: state.map } : inspection;
}

/** What the workbench shows of a look: regions of the default prompt's mask, likely types, heatmap. */
export async function describeState(
  models: Models,
  state: InspectionState,
  { decodeMs, started }: { decodeMs: number; started: number },
): Promise<Inspection> {
  const beforeMask = performance.now();
  const { regions, types } = await models.segmenter.segment(state);
  const heatmap = await heatmapPng(state.map);
  const end = performance.now();
  return {
    sha256: state.image.sha256,
    width: state.image.width,
    height: state.image.height,
    score: state.score,
    bucket: state.bucket,
    ...state.judgement,
    tiles: { columns: state.layout.columns, rows: state.layout.rows, significance: [...state.significance] },
    regions,
    types,
    heatmap,
    referenceCount: state.referenceCount,
    parts: state.parts,
    notes: [...state.image.notes],
    range: state.image.range ?? null,
    bundle: models.bundle.name,
    timings: { ...state.timings, decodeMs, maskMs: end - beforeMask, totalMs: end - started },
  };
}

/** Looks at an image (from memory when it was seen just before) and measures what is at a place of it. */
export async function markImage(models: Models, request: MarkRequest, { signal, emit }: Context): Promise<Marked> {
  const image = await loadImage(request.image);
  const references = [];
  for (const reference of request.references) {
    references.push(await loadImage(reference));
  }
  const state = await models.inspector.inspect(image, {
    references,
    parts: request.parts,
    comparer: request.frozen && frozenComparer(request.frozen),
    signal,
    onProgress: (done, total) => emit({ stage: 'looking', done, total }),
  });
  return markAt(models.segmenter, state, request.pointer);
}

/** Looks at an image (from memory when it was seen just before) and cuts out the region that clicks point at. */
export async function segmentImage(models: Models, request: SegmentRequest, { signal, emit }: Context): Promise<Rle> {
  const image = await loadImage(request.image);
  const state = await models.inspector.inspect(image, {
    signal,
    onProgress: (done, total) => emit({ stage: 'looking', done, total }),
  });
  return encodeRle(await models.segmenter.segmentAt(state, request.clicks));
}
