import type { ValueWindow } from '@/lib/contract';
import { variantWidths } from '@/lib/contract/limits';
import { imageUrl } from '../client/api';
import type { Size } from './viewport';

/** The variant to load for a drawing `neededWidth` pixels wide; null is the full size. */
export function chooseVariant(neededWidth: number, fullWidth: number): number | null {
  return variantWidths.find((width) => width >= neededWidth && width < fullWidth) ?? null;
}

/**
 * The pixels of one image at several sizes. A 50-megapixel photo is never decoded for a view that needs a thousandth of
 * it: the smallest stored variant that is sharp enough is loaded, larger ones only as the reader zooms in.
 */
export class ImageSource {
  readonly #levels = new Map<number, ImageBitmap>();
  /** Bitmaps of the window before, shown until the first by the present one is here. */
  #stale = false;
  #window: ValueWindow | undefined;
  readonly #loading = new Set<number>();
  #abort = new AbortController();
  readonly #imageId: string;
  readonly #size: Size;
  readonly #changed: () => void;
  #error: string | null = null;

  constructor(imageId: string, size: Size, changed: () => void) {
    this.#imageId = imageId;
    this.#size = size;
    this.#changed = changed;
  }

  /** Shows a deep image by these values from now on; what is shown stays until the new picture has come. */
  showBy(window: ValueWindow | undefined): void {
    if (window?.low === this.#window?.low && window?.high === this.#window?.high) {
      return;
    }
    this.#window = window;
    this.#stale = this.#levels.size > 0;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading.clear();
  }

  /** Why nothing could be loaded. */
  get error(): string | null {
    return this.#levels.size === 0 ? this.#error : null;
  }

  /**
   * The best bitmap that is here for a drawing this wide; what is missing is loaded, and `changed` called when it came.
   */
  bitmap(neededWidth: number): ImageBitmap | null {
    const wanted = chooseVariant(neededWidth, this.#size.width) ?? this.#size.width;
    const known = this.#levels.get(wanted);
    if (known && !this.#stale) {
      return known;
    }
    void this.#load(wanted);
    const widths = [...this.#levels.keys()].sort((a, b) => a - b);
    const best = widths.find((width) => width >= wanted) ?? widths.at(-1);
    return best === undefined ? null : (this.#levels.get(best) ?? null);
  }

  /** Frees the bitmaps and cancels what is loading; a later `bitmap` begins again. */
  dispose(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading.clear();
    this.#levels.forEach((bitmap) => bitmap.close());
    this.#levels.clear();
  }

  async #load(width: number): Promise<void> {
    if (this.#loading.has(width)) {
      return;
    }
    this.#loading.add(width);
    const { signal } = this.#abort;
    try {
      const response = await fetch(
        imageUrl(this.#imageId, width < this.#size.width ? width : undefined, this.#window),
        {
          signal,
        },
      );
      if (!response.ok) {
        throw new Error(
          response.status === 404
            ? 'This image is no longer stored.'
            : `The image could not be loaded (${response.status}).`,
        );
      }
      const bitmap = await createImageBitmap(await response.blob());
      if (signal.aborted) {
        bitmap.close();
        return;
      }
      if (this.#stale) {
        this.#levels.forEach((level) => level.close());
        this.#levels.clear();
        this.#stale = false;
      }
      this.#levels.set(width, bitmap);
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      this.#error =
        error instanceof TypeError
          ? 'The server does not answer; the image will load when it does.'
          : String(error instanceof Error ? error.message : error);
      // A later draw may try again, but not at once.
      setTimeout(() => this.#loading.delete(width), 3000);
    }
    this.#changed();
  }
}
