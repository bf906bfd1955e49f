import type { ExpertOutput } from '@/lib/anomaly/expert';
import { type Frozen, frozenComparer } from '@/lib/anomaly/frozen';
import { heatmapPng } from '@/lib/anomaly/heatmap';
import { groupOfOneKind, traitOf } from '@/lib/anomaly/one-kind';
import { NO_PART } from '@/lib/anomaly/part-finding';
import { likeness, lookOf } from '@/lib/anomaly/part-looks';
import type { Look } from '@/lib/anomaly/scorer';
import { MAX_SET_BANK, type SetBank } from '@/lib/anomaly/set-bank';
import { type SetMember, memberOf } from '@/lib/anomaly/set-member';
import { bucketFor } from '@/lib/anomaly/verdict';
import type { ByLevel, EncodedImage } from '@/lib/anomaly/view-patches';
import { EngineError } from '@/lib/engine/errors';
import type { DecodedImage } from '@/lib/vision/decode';
import type { ImageSource, Inspection } from '@/lib/turn/perception';
import { describeState } from './inspect';
import { loadImage } from './load-image';
import type { Models } from './models';

/** Sets that are worked on at once; of more, the one begun first is let go of, and whoever asked begins again. */
const KEPT_SETS = 2;
/**
 * Encodings that are kept between the two looks at an image, of all sets together (5 MB a view with the mini bundle).
 */
const KEPT_ENCODINGS = 160 * 2 ** 20;

/** Images whose part of the sample is kept until it is known which are of one kind (2 MB each). */
const KEPT_MEMBERS = 2 * MAX_SET_BANK;
/** Fewer to compare with say nothing. */
const LEAST_MEMBERS = 4;

/** One short step of judging a set, so that others are answered in between. Images go by `key`, sets by `set`. */
export type TogetherStep =
  /** Looks at an image by itself; `begin` begins the set of `total` images. */
  | { step: 'look'; set: string; key: string; image: ImageSource; at: number; total: number; begin: boolean }
  /** Finds out which of the images are of one kind, and which of those the others are compared with. */
  | { step: 'group'; set: string }
  /** Compares one of those with the others. */
  | { step: 'measure'; set: string; key: string; image: ImageSource }
  /** Judges an image of the group; all members must be measured. */
  | { step: 'judge'; set: string; key: string; image: ImageSource }
  /** Lets go of the set. */
  | { step: 'end'; set: string };

export type TogetherResult =
  | { step: 'look' | 'measure' | 'end' }
  /** Keys. */
  | { step: 'group'; group: string[]; members: string[] }
  /** `alike`: others of the group, the most alike first. */
  | { step: 'judge'; inspection: Inspection; frozen: Frozen; alike: string[] };

/** What is kept of a look: all but the tensors. */
type Kept = {
  image: Pick<DecodedImage, 'sha256' | 'width' | 'height' | 'notes' | 'range'>;
  look: Omit<Look<Pick<ExpertOutput, 'maps' | 'score' | 'foreign' | 'significance'>>, 'pixels' | 'encoding'>;
  /** What it is recognised by as one of a kind. */
  trait: ByLevel;
  /** The encoder's description of the whole, of unit length. */
  cls: Float32Array;
  /** Its part of the sample that the others are compared with, of as many images as may come to that. */
  member: SetMember | undefined;
  /** Hidden states, where there was room for them. */
  levels: Float32Array | undefined;
  started: number;
};

type Held = {
  looks: Map<string, Kept>;
  /** Keys of the images of one kind. */
  group: readonly string[];
  bank: SetBank | undefined;
  members: ReadonlySet<string>;
};

/**
 * Judges the images of sets among each other: each is looked at, then compared with up to `MAX_SET_BANK` of the others.
 */
export class Together {
  private readonly sets = new Map<string, Held>();

  constructor(private readonly models: Models) {}

  /**
   * @throws EngineError `invalid_request` when the set is not in memory (any more), `cancelled`, and those of the image
   */
  async run(step: TogetherStep, signal: AbortSignal): Promise<TogetherResult> {
    switch (step.step) {
      case 'look':
        await this.look(step, signal);
        return { step: 'look' };
      case 'group':
        return { step: 'group', ...(await this.group(this.find(step.set), signal)) };
      case 'measure':
        await this.measure(this.find(step.set), step, signal);
        return { step: 'measure' };
      case 'judge':
        return {
          step: 'judge',
          ...(await this.judge(this.find(step.set), step, signal)),
          alike: this.alike(this.find(step.set), step.key),
        };
      case 'end':
        this.sets.delete(step.set);
        return { step: 'end' };
    }
  }

  private find(name: string): Held {
    const set = this.sets.get(name);
    if (set === undefined) {
      throw new EngineError('invalid_request', 'The set is not in memory (any more): begin it again.');
    }
    return set;
  }

  private begin(name: string): Held {
    const set: Held = { looks: new Map(), group: [], bank: undefined, members: new Set() };
    this.sets.delete(name);
    this.sets.set(name, set);
    for (const oldest of [...this.sets.keys()].slice(0, Math.max(0, this.sets.size - KEPT_SETS))) {
      this.sets.delete(oldest);
    }
    return set;
  }

  private async look(
    { set: name, key, image: source, at, total, begin }: Extract<TogetherStep, { step: 'look' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const set = begin ? this.begin(name) : this.find(name);
    const started = performance.now();
    const image = await loadImage(source);
    const { scorer } = this.models.inspector;
    const { layout, encoding, output, timings, sha256 } = await scorer.look(image, { signal });
    const { maps, score, foreign, significance } = output;
    const { width, height, notes, range } = image;
    const member = memberOf({ layout, levels: encoding.levels, sha256 }, scorer.shape);
    set.looks.set(key, {
      image: { sha256, width, height, notes, range },
      look: { sha256, layout, output: { maps, score, foreign, significance }, timings },
      trait: traitOf(member),
      cls: lookOf(encoding.cls.slice(0, scorer.shape.width)),
      member: isPicked(at, total, KEPT_MEMBERS) ? member : undefined,
      levels: this.room() >= encoding.levels.byteLength ? encoding.levels : undefined,
      started: performance.now() - started,
    });
  }

  /** Bytes of encodings that may still be kept. */
  private room(): number {
    const kept = [...this.sets.values()].flatMap(({ looks }) => [...looks.values()]);
    return KEPT_ENCODINGS - kept.reduce((sum, { levels }) => sum + (levels?.byteLength ?? 0), 0);
  }

  private async group(set: Held, signal: AbortSignal): Promise<{ group: string[]; members: string[] }> {
    const { scorer } = this.models.inspector;
    const looks = [...set.looks];
    const traits = looks.map(([, { trait }]) => trait);
    const chosen = new Set(await groupOfOneKind(traits, scorer.similarity, signal));
    const alike = looks.filter((_, index) => chosen.has(index));
    const sample = spread(
      alike.flatMap(([key, { member }]) => (member === undefined ? [] : [{ key, member }])),
      MAX_SET_BANK,
    );
    if (sample.length < LEAST_MEMBERS) {
      return { group: [], members: [] };
    }
    set.bank = scorer.openSetBank();
    for (const { member } of sample) {
      set.bank.add(member);
    }
    const members = sample.map(({ key }) => key);
    set.members = new Set(members);
    set.group = alike.map(([key]) => key);
    return { group: [...set.group], members };
  }

  private kept(set: Held, key: string): Kept {
    const kept = set.looks.get(key);
    if (kept === undefined) {
      throw new EngineError('invalid_request', 'The image was not looked at with its set: begin the set again.');
    }
    return kept;
  }

  private async measure(
    set: Held,
    { key, image }: Extract<TogetherStep, { step: 'measure' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const bank = requireBank(set);
    const kept = this.kept(set, key);
    bank.take(await bank.measure(await this.encoded(kept, image, signal), signal));
    kept.levels = undefined;
  }

  private alike(set: Held, key: string): string[] {
    const { cls } = this.kept(set, key);
    return set.group
      .filter((other) => other !== key)
      .map((other) => ({ other, likeness: likeness(cls, this.kept(set, other).cls) }))
      .sort((a, b) => b.likeness - a.likeness)
      .map(({ other }) => other);
  }

  private async encoded(
    { look, levels }: Kept,
    image: ImageSource,
    signal: AbortSignal,
  ): Promise<EncodedImage & { sha256: string }> {
    return levels === undefined
      ? this.models.inspector.scorer.encode(await loadImage(image), signal)
      : { layout: look.layout, levels, sha256: look.sha256 };
  }

  private async judge(
    set: Held,
    { key, image: source }: Extract<TogetherStep, { step: 'judge' }>,
    signal: AbortSignal,
  ): Promise<{ inspection: Inspection; frozen: Frozen }> {
    const began = performance.now();
    const { inspector, bundle } = this.models;
    const bank = requireBank(set);
    const kept = this.kept(set, key);
    const { look, image } = kept;
    // What was measured of a member is all that its comparison needs.
    const known = { layout: look.layout, levels: new Float32Array(0), sha256: look.sha256 };
    const compared = set.members.has(key) ? known : await this.encoded(kept, source, signal);
    const frozen: Frozen = { basis: bank.basis, comparison: await bank.compare(compared, signal) };
    kept.levels = undefined;
    const comparer = frozenComparer(frozen);
    const { score, judgement, map } = await inspector.scorer.score({ ...look, encoding: known }, comparer, signal);
    const started = began - kept.started;
    if (judgement.verdict !== 'normal') {
      const state = await inspector.inspect(await loadImage(source), { comparer, signal });
      return { inspection: await describeState(this.models, state, { decodeMs: 0, started }), frozen };
    }
    const { layout, output, timings } = look;
    const inspection: Inspection = {
      ...{ sha256: image.sha256, width: image.width, height: image.height },
      ...{ score, bucket: bucketFor(score, judgement, bundle.manifest.calibration) },
      ...judgement,
      tiles: { columns: layout.columns, rows: layout.rows, significance: [...output.significance] },
      // What fits in with the others has no mask.
      ...{ regions: [], types: [] },
      heatmap: await heatmapPng(map),
      referenceCount: 0,
      parts: NO_PART,
      notes: [...image.notes],
      range: image.range ?? null,
      bundle: bundle.name,
      timings: {
        ...timings,
        ...{ referenceMs: performance.now() - began, decodeMs: 0, maskMs: 0, totalMs: performance.now() - started },
      },
    };
    return { inspection, frozen };
  }
}

function requireBank({ bank }: Held): SetBank {
  if (bank === undefined) {
    throw new EngineError('invalid_request', 'The set was not grouped yet.');
  }
  return bank;
}

/** Whether the image at this place is one of `most` that are evenly spread over `total`. */
function isPicked(at: number, total: number, most: number): boolean {
  const share = Math.min(1, most / total);
  return Math.floor((at + 1) * share) > Math.floor(at * share);
}

/** At most `most` of the items, evenly spread. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  const stride = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(items.length, most) }, (_, at) => items[Math.floor(at * stride)] as Item);
}
