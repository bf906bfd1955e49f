import type { Manifest } from '@/lib/engine/manifest';

/** How masks are cut out of the anomaly map in a bundle without a segmenter. */
export const mapMask = { threshold: 0.5, minAreaFraction: 0.0002, maxRegions: 16, fallbackFraction: 0.5 };

/** A manifest as models/training writes it, with the sizes of models/mini and no files. */
export function sampleManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    id: 'sample',
    version: '1.2.3',
    minimumRuntime: '0.1.0',
    files: {},
    vision: {
      imageSize: 392,
      patch: 14,
      grid: 28,
      width: 384,
      levels: 4,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      grids: [
        [1, 2],
        [2, 1],
        [2, 2],
        [1, 3],
        [3, 1],
        [1, 4],
        [4, 1],
      ],
      noTilesFactor: 1.25,
    },
    expert: { imageTokens: 49, globalWidth: 256, featureWidth: 128 },
    segmenter: {
      size: 196,
      stride: 2,
      threshold: 0.5,
      minAreaFraction: 0.0002,
      maxRegions: 16,
      fallbackFraction: 0.5,
      types: ['crack', 'stain'],
    },
    language: {
      layers: 30,
      heads: 9,
      kvHeads: 3,
      headDim: 64,
      width: 576,
      vocab: 49152,
      context: 2048,
      ropeTheta: 100000,
      embedding: {
        file: 'language.base.bin',
        format: 'int4-asymmetric',
        blockSize: 32,
        weights: { offset: 0, bytes: 14155776 },
        scales: { offset: 14155776, bytes: 1769472, type: 'float16' },
        zeros: { offset: 15925248, bytes: 442368 },
      },
      tokens: { imStart: 1, imEnd: 2, endOfText: 0, image: 3, seg: 4 },
      system: 'You look twice.',
    },
    calibration: {
      bias: 0,
      temperature: 1,
      buckets: [0.3, 0.7],
      data: 'none',
      reference: {
        topFraction: { base: 0.01, tile: 0.01 },
        levels: [1, 2, 3],
        weight: 0.5,
        meanShare: 0,
        priorMean: 0.4,
        discount: 0.5,
        priorOwn: 0.06,
        priorDeviation: 0.1,
        priorCount: 1,
        scale: 1,
        bias: -2,
      },
    },
    licences: [{ component: 'encoder', source: 'somewhere', licence: 'Apache-2.0' }],
    metrics: {},
    ...changes,
  };
}
