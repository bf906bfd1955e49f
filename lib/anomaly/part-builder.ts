import { EngineError } from '@/lib/engine/errors';
import type { DecodedImage } from '@/lib/vision/decode';
import type { ExpertScores } from './expert';
import type { PartArea } from './part-area';
import { bankVersion, buildPartBank, leftOutScores } from './part-bank';
import { UnusableBankError, readPartBank, writePartBank } from './part-file';
import { MAX_SAMPLE_PATCHES, type PartSample, phaseOf, thinSample } from './part-sample';
import type { Scorer } from './scorer';

/** So many samples are also described turned and scaled (five views more each). */
const TURNED_SAMPLES = 6;

/** How a sample scores beside the others, 0..1; null of a single one. */
export type SampleScore = { key: string; score: number | null };

/** Collects the samples of one part, each encoded by itself, and makes its bank of them. */
export class PartBuilder<Output extends ExpertScores> {
  private samples: PartSample[] = [];
  private readonly most: number;
  readonly version: string;

  /** @param total samples that there will be */
  constructor(
    private readonly scorer: Scorer<Output>,
    total: number,
    private readonly area: PartArea | undefined,
  ) {
    this.most = Math.floor(MAX_SAMPLE_PATCHES / Math.max(1, total));
    this.version = bankVersion(scorer.manifest);
  }

  /** Takes over what an earlier bank has of these samples. @returns those that it has; none if the file is of no use */
  async begin(path: string, wanted: ReadonlySet<string>): Promise<string[]> {
    try {
      const { samples } = await readPartBank(path, this.version);
      const { width } = this.scorer.shape;
      this.samples = samples.filter(({ key }) => wanted.has(key)).map((sample) => thinSample(sample, width, this.most));
      return this.samples.map(({ key }) => key);
    } catch (error) {
      if (error instanceof UnusableBankError) {
        return [];
      }
      throw error;
    }
  }

  /** Adds a sample; one that is there already stays as it is. @throws EngineError `cancelled` */
  async add(key: string, image: DecodedImage, signal?: AbortSignal): Promise<void> {
    if (this.samples.some((sample) => sample.key === key)) {
      return;
    }
    const turned = this.samples.filter(({ looks }) => looks.length > 1).length < TURNED_SAMPLES;
    const options = { turned, area: this.area, most: this.most, phase: phaseOf(key), signal };
    this.samples.push({ key, ...(await this.scorer.sampleOf(image, options)) });
  }

  /**
   * Builds the bank and writes it to `path`.
   * @throws EngineError `invalid_request` without samples, `cancelled`
   */
  async finish(path: string, signal?: AbortSignal): Promise<SampleScore[]> {
    if (this.samples.length === 0) {
      throw new EngineError('invalid_request', 'A part without good samples has nothing to compare with: add one.');
    }
    const data = await buildPartBank(this.samples, this.scorer.tools, signal);
    await writePartBank(path, data, this.version);
    const scores = leftOutScores(data, this.scorer.manifest.calibration);
    return data.samples.map(({ key }, index) => ({ key, score: scores[index] ?? null }));
  }
}
