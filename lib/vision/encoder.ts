import type { InferenceSession } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { checkpoint } from '@/lib/engine/checkpoint';
import { floatTensor, openSession } from '@/lib/engine/session';

/** Hidden states of V views: `levels` [V,L,P,D] (each level after the final LayerNorm) and `cls` [V,D]. */
export type Encoding = { levels: Float32Array; cls: Float32Array };

export type EncodeOptions = {
  signal?: AbortSignal | undefined;
  /** Called after each view with those encoded so far; waited for. */
  onView?: ((done: number, total: number, encoded: Encoding) => void | Promise<void>) | undefined;
};

/** The frozen vision encoder (DINOv2-small/14, int8 weights). */
export class Encoder {
  private constructor(
    private readonly session: InferenceSession,
    private readonly side: number,
    private readonly shape: { levels: number; patches: number; width: number },
  ) {}

  /** @throws EngineError `model_unavailable` naming encoder.onnx */
  static async open(bundle: Bundle): Promise<Encoder> {
    const { imageSize, levels, grid, width } = bundle.manifest.vision;
    const patches = grid * grid;
    const session = await openSession(bundle, 'encoder.onnx', {
      inputs: { pixels: { shape: ['views', 3, imageSize, imageSize] } },
      outputs: {
        levels: { shape: ['views', levels, patches, width] },
        cls: { shape: ['views', width] },
      },
    });
    return new Encoder(session, imageSize, { levels, patches, width });
  }

  /**
   * Encodes `pixels` [V,3,S,S] view by view: as fast as in one batch on few cores, with a fifth of the memory, and a
   * cancelled request stops at the next view.
   * @throws EngineError `cancelled`
   */
  async encode(pixels: Float32Array, { signal, onView }: EncodeOptions = {}): Promise<Encoding> {
    const { levels: depth, patches, width } = this.shape;
    const sizes = { view: 3 * this.side * this.side, levels: depth * patches * width };
    const views = pixels.length / sizes.view;
    const [levels, cls] = [new Float32Array(views * sizes.levels), new Float32Array(views * width)];
    const part = (whole: Float32Array, size: number, view: number) => whole.subarray(view * size, (view + 1) * size);
    for (let view = 0; view < views; view += 1) {
      await checkpoint(signal);
      const input = floatTensor(part(pixels, sizes.view, view), [1, 3, this.side, this.side]);
      // Written where they stay; put together afterwards they would be copied once more (5 MB a view).
      await this.session.run(
        { pixels: input },
        {
          levels: floatTensor(part(levels, sizes.levels, view), [1, depth, patches, width]),
          cls: floatTensor(part(cls, width, view), [1, width]),
        },
      );
      const done = view + 1;
      await onView?.(done, views, {
        levels: levels.subarray(0, done * sizes.levels),
        cls: cls.subarray(0, done * width),
      });
    }
    return { levels, cls };
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
