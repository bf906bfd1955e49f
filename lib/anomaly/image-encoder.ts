import type { Manifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import type { DecodedImage } from '@/lib/vision/decode';
import type { Encoder } from '@/lib/vision/encoder';
import { layOut } from '@/lib/vision/layout';
import { type Turn, turnBack, turnPlanes } from '@/lib/vision/turn';
import { renderViews } from '@/lib/vision/views';
import type { EncodedImage } from './view-patches';

/** Counts encoded views; `expect` adds some to those that are to be encoded. */
export type Progress = { advance: () => void; expect: (views: number) => void };
export type TurnedView = { view: number; turn: Turn };

type Options = { signal?: AbortSignal | undefined; progress?: Progress | undefined };

/** Layout and hidden states of images, as comparisons need them. */
export class ImageEncoder {
  constructor(
    private readonly encoder: Encoder,
    private readonly vision: Manifest['vision'],
  ) {}

  /** All views of an image. @throws EngineError `cancelled` */
  async encode(image: DecodedImage, { signal, progress }: Options = {}): Promise<EncodedImage> {
    const layout = layOut(image, this.vision);
    const pixels = await renderViews(image, layout, this.vision);
    const { levels } = await this.encoder.encode(pixels, { signal, onView: progress?.advance });
    return { layout, levels };
  }

  /**
   * Views of an image turned and then encoded, with their patches back where they were. @throws EngineError `cancelled`
   */
  async encodeTurned(
    image: DecodedImage,
    turned: readonly TurnedView[],
    { signal, progress }: Options = {},
  ): Promise<EncodedImage> {
    const { imageSize, grid, width } = this.vision;
    progress?.expect(turned.length);
    const whole = layOut(image, this.vision);
    // Without tiles among them only the base view is rendered.
    const layout = { ...whole, views: whole.views.slice(0, 1 + Math.max(0, ...turned.map(({ view }) => view))) };
    const pixels = await renderViews(image, layout, this.vision);
    const viewSize = 3 * imageSize ** 2;
    const parts: Float32Array[] = [];
    for (const { view, turn } of turned) {
      const given = pixels.subarray(view * viewSize, (view + 1) * viewSize);
      const { levels } = await this.encoder.encode(turnPlanes(given, imageSize, turn), { signal });
      parts.push(turnBack(levels, { side: grid, width }, turn));
      progress?.advance();
    }
    const views = turned.flatMap(({ view }) => layout.views[view] ?? []);
    return { layout: { ...layout, views }, levels: concatenate(parts) };
  }
}
