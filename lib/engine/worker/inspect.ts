import { heatmapPng } from '@/lib/anomaly/heatmap';
import type { Models } from './models';
import { loadImage } from './load-image';
import type { InspectEvent, InspectRequest, Inspection } from './operations';

type Context = { signal: AbortSignal; emit: (event: InspectEvent) => void };

/** Decodes an image (and its references), inspects it and draws the mask of the default prompt. */
export async function inspectImage(models: Models, request: InspectRequest, context: Context): Promise<Inspection> {
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
    signal,
    onProgress: (done, total) => emit({ stage: 'looking', done, total }),
  });
  const beforeMask = performance.now();
  const { regions, types } = await models.segmenter.segment(state);
  const heatmap = await heatmapPng(state.map);
  const end = performance.now();
  return {
    sha256: image.sha256,
    width: image.width,
    height: image.height,
    score: state.score,
    bucket: state.bucket,
    tiles: { columns: state.layout.columns, rows: state.layout.rows, significance: [...state.significance] },
    regions,
    types,
    heatmap,
    ...(request.includeMap === true ? { map: state.map } : {}),
    referenceCount: state.referenceCount,
    bundle: models.bundle.name,
    timings: { ...state.timings, decodeMs, maskMs: end - beforeMask, totalMs: end - started },
  };
}
