import type { ExpertOutput } from '@/lib/anomaly/expert';
import { PartBuilder, type SampleScore } from '@/lib/anomaly/part-builder';
import { EngineError } from '@/lib/engine/errors';
import { loadImage } from './load-image';
import type { Models } from './models';
import type { PartAdd, PartBegin, PartFinish } from './operations';

/** Builds that were begun and not ended, e.g. by a server that stopped listening; the oldest goes. */
const MOST_BUILDS = 4;

/** Banks of parts in the making, one image per call, so that questions come in between. */
export class PartBuilds {
  private readonly builds = new Map<string, PartBuilder<ExpertOutput>>();

  constructor(private readonly models: Models) {}

  /** @returns samples that an earlier bank gave */
  async begin({ build, total, area, from, wanted }: PartBegin): Promise<string[]> {
    const builder = new PartBuilder(this.models.inspector.scorer, total, area ?? undefined);
    this.builds.delete(build);
    this.builds.set(build, builder);
    for (const oldest of [...this.builds.keys()].slice(0, Math.max(0, this.builds.size - MOST_BUILDS))) {
      this.builds.delete(oldest);
    }
    return from === null ? [] : builder.begin(from, new Set(wanted));
  }

  async add({ build, key, image }: PartAdd, signal: AbortSignal): Promise<void> {
    await this.builderOf(build).add(key, await loadImage(image), signal);
  }

  async finish({ build, file }: PartFinish, signal: AbortSignal): Promise<SampleScore[]> {
    try {
      return await this.builderOf(build).finish(file, signal);
    } finally {
      this.builds.delete(build);
    }
  }

  private builderOf(build: string): PartBuilder<ExpertOutput> {
    const builder = this.builds.get(build);
    if (builder === undefined) {
      throw new EngineError('invalid_request', 'The part’s samples are not being prepared (any more): begin again.');
    }
    return builder;
  }
}
