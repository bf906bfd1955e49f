import { z } from 'zod';

/**
 * `manifest.json` of a model bundle (format 1). The exporter in models/training writes it; every size the runtime needs
 * is read from here. Names and shapes of the graphs are those of docs/design/model.md.
 */

const positive = z.int().positive();
const fraction = z.number().min(0).max(1);
const index = z.int().nonnegative();
const rgb = z.tuple([z.number(), z.number(), z.number()]);

/** A file name inside the bundle: one plain segment, so that no entry can point outside the directory. */
export const fileNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be a plain file name');

const fileSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  bytes: positive,
  /** True when retraining changes the file. */
  trained: z.boolean(),
});

/** The any-resolution encoder. `grids` are [columns, rows] without 1 x 1 (which means "no tiles"). */
const visionSchema = z.object({
  imageSize: positive,
  patch: positive,
  /** Whole patches along one side. */
  grid: positive,
  width: positive,
  levels: positive,
  mean: rgb,
  std: rgb,
  grids: z
    .array(z.tuple([positive, positive]))
    .min(1)
    .max(32),
  /** No tiles when max(width, height) <= noTilesFactor x imageSize. */
  noTilesFactor: z.number().positive(),
});

const expertSchema = z.object({
  imageTokens: positive,
  /** Width of the global anomaly token before the projector. */
  globalWidth: positive,
  /** Channels of `features`, the segmenter's input. */
  featureWidth: positive,
});

/** How regions are cut out of a map of probabilities. */
const regionLimitsSchema = z.object({
  /** Probability from which a pixel belongs to the mask. */
  threshold: fraction,
  /** Regions below this fraction of the image area are dropped. */
  minAreaFraction: fraction,
  maxRegions: positive,
  /** When `<seg>` was said and nothing passes the threshold, it falls to this fraction of the maximum probability. */
  fallbackFraction: fraction,
});

const segmenterSchema = regionLimitsSchema.extend({
  /** Side of `mask_logits` in pixels of a view: imageSize / stride. */
  size: positive,
  stride: positive,
  /** Names of `type_logits`, in order. */
  types: z.array(z.string().min(1)).min(1),
});

const rangeSchema = z.object({ offset: index, bytes: positive });

/**
 * The embedding matrix [vocab, width] inside `file`. `int4-asymmetric`: w = (q - zero) x scale per block of `blockSize`
 * inputs; `weights` packs element 2i in the low nibble of byte i, `zeros` the same per block, each row padded to whole
 * bytes. `float32`: the values as they are.
 */
const embeddingSchema = z.discriminatedUnion('format', [
  z.object({
    file: fileNameSchema,
    format: z.literal('int4-asymmetric'),
    blockSize: positive,
    weights: rangeSchema,
    scales: rangeSchema.extend({ type: z.enum(['float16', 'float32']) }),
    zeros: rangeSchema,
  }),
  z.object({ file: fileNameSchema, format: z.literal('float32'), weights: rangeSchema }),
]);

const languageSchema = z.object({
  layers: positive,
  heads: positive,
  kvHeads: positive,
  headDim: positive,
  width: positive,
  vocab: positive,
  /** Tokens the KV cache holds. */
  context: positive,
  ropeTheta: z.number().positive(),
  embedding: embeddingSchema,
  /** `seg` is absent when the model was not trained to say where it points (a published checkpoint). */
  tokens: z.object({
    imStart: index,
    imEnd: index,
    endOfText: index,
    image: index.optional(),
    seg: index.optional(),
  }),
  system: z.string(),
  /**
   * True where the model was trained to answer "moderately" suspicious images with doubt: it is told so of an unsure
   * one.
   */
  unsure: z.boolean().optional(),
  /**
   * Given where the model was trained to be told what a question asks for: `file` is a linear head over the question's
   * mean row of `language.states.onnx`, float32 [names, states + 1] with the bias last; below the probability `least`
   * nothing is told. Bundles of version 0.5.0 lack `states`: their head is over another state and is not used.
   */
  plan: z
    .object({
      file: fileNameSchema,
      names: z.array(z.string().min(1)).min(2),
      least: fraction,
      states: z.number().int().positive().optional(),
      /** By name, the question once more in words that the model was trained on. */
      restated: z.record(z.string(), z.string().min(1)).optional(),
    })
    .optional(),
  /**
   * Given when a server runs the model (LOOKTWICE_COMPLETIONS_URL), under this name; the bundle then has no
   * `language.onnx`.
   */
  remote: z.object({ model: z.string().min(1) }).optional(),
});

/** Further distances of a patch, besides the one to the nearest reference patch, in a weighted geometric mean. */
const geometricSchema = z
  .object({
    /** How much of the references' mean patch is taken off before patches are compared. */
    centring: fraction,
    /** Weight of what the references' covariance leaves unexplained, and the ridge in units of the mean variance. */
    residualWeight: fraction,
    ridge: z.number().positive(),
    /** Weight of the distance to the nearest patch of the image's own view that is more than `radius` patches away. */
    withinWeight: fraction,
    radius: index,
  })
  .refine(({ residualWeight, withinWeight }) => residualWeight + withinWeight <= 1, {
    message: 'residualWeight and withinWeight must not exceed 1 together',
  });

/** A fused logit = (1 - weight) x LTFM logit + weight x (scale x standardised distance + bias). */
const fusionSchema = z.object({ weight: fraction, scale: z.number().positive(), bias: z.number() });

/** One for both view kinds, or one for each. */
const byViewKindSchema = z.union([
  fraction.positive().transform((both) => ({ base: both, tile: both })),
  z.object({ base: fraction.positive(), tile: fraction.positive() }),
]);

/** DSSL at inference against reference images marked normal (docs/decisions/reference-mode.md). */
const referenceSchema = fusionSchema.extend({
  /** The image's distance is the mean over this fraction of its most distant patches, for each view kind. */
  topFraction: byViewKindSchema,
  /** How much of the mean over all patches of a view kind is taken off each patch's distance. */
  meanShare: fraction.default(0),
  /** Indices into the encoder's levels whose distances are averaged. */
  levels: z.array(index).min(1),
  /** The same for anomaly maps; `weight` where it is not given. */
  mapWeight: fraction.optional(),
  /** How much of the nearest reference patch's distance to the other references is taken off a patch's distance. */
  discount: fraction.default(0),
  /** That distance where there is one reference only. */
  priorOwn: z.number().nonnegative().default(0),
  /** Distance of a normal image, expected before any reference is seen, and how many references that is worth. */
  priorMean: z.number().positive(),
  priorDeviation: z.number().positive(),
  priorCount: z.number().positive(),
  /**
   * The distance is a geometric mean with two further ones; the one to the nearest reference patch alone where this is
   * not given.
   */
  geometric: geometricSchema.optional(),
  /**
   * References count in all eight orientations where at least this share of their patches is nearer to the others
   * turned a quarter than to them as given; as given alone where this is not given.
   */
  turnedShare: fraction.optional(),
  /**
   * How the score is fused where there is one reference, which does not tell how much normal images differ; as with
   * more where this is not given.
   */
  single: fusionSchema.optional(),
});

/**
 * p = sigmoid(slope x logit(calibrated score) + intercept); below `low` an image is normal, from `high` on anomalous,
 * between them unsure.
 */
const verdictSchema = z
  .object({ slope: z.number().positive(), intercept: z.number(), low: fraction, high: fraction })
  .refine(({ low, high }) => low <= high, { message: 'low must not exceed high' });

const calibrationSchema = z.object({
  bias: z.number(),
  temperature: z.number().positive(),
  /** Calibrated scores below the first are "slightly", below the second "moderately", else "highly". */
  buckets: z.tuple([fraction, fraction]),
  /** The data that bias, temperature and thresholds come from. */
  data: z.string(),
  reference: referenceSchema,
  /** How masks are cut out of the anomaly map; in bundles without a segmenter only. */
  mapMask: regionLimitsSchema.optional(),
  /**
   * Verdicts by what they rest on (lib/anomaly/verdict.ts). Without it the calibrated score is the probability, and one
   * half decides.
   */
  verdict: z
    .object({
      zeroShot: verdictSchema,
      /**
       * Against several normal references, one, and the rest of a set. `single` and `set` are as `reference` where not
       * given.
       */
      reference: verdictSchema.optional(),
      single: verdictSchema.optional(),
      set: verdictSchema.optional(),
    })
    .optional(),
  /**
   * foreignness = sigmoid((x - offset) x scale) of the expert's output `foreign` [1], which the graph has where this is
   * given.
   */
  foreign: z.object({ scale: z.number(), offset: z.number() }).optional(),
});

const versionSchema = z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'must be a semantic version');

export const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens'),
  version: versionSchema,
  /** The lowest LookTwice version that runs this bundle. */
  minimumRuntime: versionSchema,
  files: z.record(fileNameSchema, fileSchema),
  vision: visionSchema,
  expert: expertSchema,
  /** Absent in bundles that have no `segmenter.onnx`: their masks come from the anomaly map. */
  segmenter: segmenterSchema.optional(),
  language: languageSchema,
  calibration: calibrationSchema,
  /** A head that names the pictured object; absent when the bundle has none. */
  objects: z.object({ file: fileNameSchema, threshold: fraction }).optional(),
  licences: z.array(z.object({ component: z.string(), source: z.string(), licence: z.string() })).min(1),
  /** The metrics card: numbers as measured, quoted by the model card. */
  metrics: z.record(z.string(), z.unknown()),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type VisionManifest = Manifest['vision'];
export type SegmenterManifest = NonNullable<Manifest['segmenter']>;
export type RegionLimits = z.infer<typeof regionLimitsSchema>;
export type EmbeddingManifest = Manifest['language']['embedding'];
export type CalibrationManifest = Manifest['calibration'];
export type VerdictManifest = z.infer<typeof verdictSchema>;
export type GeometricManifest = NonNullable<ReferenceManifest['geometric']>;
export type ReferenceManifest = CalibrationManifest['reference'];

/** Sizes that must agree for any shape check to make sense; returns one sentence, or undefined when all is well. */
function findContradiction(manifest: Manifest): string | undefined {
  const { vision, segmenter, language, calibration } = manifest;
  // SigLIP's patches leave a margin at the right and bottom (27 x 14 of 384 pixels).
  if (vision.grid !== Math.floor(vision.imageSize / vision.patch)) {
    return 'vision.grid must be the number of whole patches of vision.patch pixels in vision.imageSize';
  }
  if (segmenter !== undefined && segmenter.size * segmenter.stride !== vision.imageSize) {
    return 'segmenter.size x segmenter.stride must equal vision.imageSize';
  }
  if (segmenter !== undefined && language.tokens.seg === undefined) {
    return 'language.tokens.seg must be given where there is a segmenter, whose prompt is that token';
  }
  if (language.remote !== undefined && language.tokens.seg !== undefined) {
    return 'language.tokens.seg cannot be given with language.remote, whose hidden states are not seen here';
  }
  if ((segmenter === undefined) === (calibration.mapMask === undefined)) {
    return 'either segmenter or calibration.mapMask must be given, and not both: masks come from the one or the other';
  }
  if (language.heads % language.kvHeads !== 0) {
    return 'language.heads must be a multiple of language.kvHeads';
  }
  if (Object.values(language.tokens).some((id) => id !== undefined && id >= language.vocab)) {
    return 'language.tokens must be below language.vocab';
  }
  if (calibration.reference.levels.some((level) => level >= vision.levels)) {
    return 'calibration.reference.levels must be below vision.levels';
  }
  if (calibration.buckets[0] > calibration.buckets[1]) {
    return 'calibration.buckets must ascend';
  }
  return undefined;
}

/**
 * Parses the text of a `manifest.json`.
 * @throws Error with one sentence that names the field
 */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('manifest.json is not valid JSON');
  }
  const result = manifestSchema.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new Error(`manifest.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  const contradiction = findContradiction(result.data);
  if (contradiction !== undefined) {
    throw new Error(`manifest.json: ${contradiction}`);
  }
  return result.data;
}

/** How a bundle is named to people and in results, e.g. `looktwice-mini@0.1.0`. */
export function bundleName(manifest: Pick<Manifest, 'id' | 'version'>): string {
  return `${manifest.id}@${manifest.version}`;
}
