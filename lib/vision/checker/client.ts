import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { projectRoot } from '@/lib/common/paths';
import type { MaskPicture } from '../mask-picture';
import {
  OUT_OF_MEMORY_EXIT,
  checkedImageSchema,
  packedMaskSchema,
  unpackMask,
  type CheckRequest,
  type CheckResponse,
  type CheckedImage,
} from './protocol';

export type CheckerLimits = {
  /** Longest time for one image, in ms. The largest images take a few seconds; a busy machine several times that. */
  timeMs: number;
  /**
   * Resident memory of the process, in bytes. 50 megapixels with alpha at 16 bit are 400 MB, and the decoder holds them
   * twice for a moment.
   */
  memoryBytes: number;
  /** How long the process stays without work, in ms. */
  idleMs: number;
  /** Niceness of the process, 0 to 19: how far it stands back where others want the cores too. */
  niceness: number;
};

export const DEFAULT_LIMITS: CheckerLimits = { timeMs: 60_000, memoryBytes: 1.5e9, idleMs: 60_000, niceness: 0 };

type Pending = { id: number; resolve: (answer: unknown) => void; reject: (error: EngineError) => void };

/** The process ended by itself, or was ended from outside, in the middle of an image. */
class StoppedError extends EngineError {
  static override readonly kind = 'StoppedError';
}

/**
 * Decodes images and masks that nobody has looked at yet in a process of its own (docs/decisions/decoding.md): a file
 * that crashes the decoder, holds it up or fills the memory ends that process and is refused, and the server goes on.
 * The process gets no environment, so no secrets, and is started again for the next image.
 */
export class ImageChecker {
  private child: ChildProcess | undefined;
  private pending: Pending | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private lastId = 0;

  constructor(
    private readonly limits: CheckerLimits = DEFAULT_LIMITS,
    private readonly file = join(projectRoot(), 'dist', 'image-checker.mjs'),
  ) {}

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Decodes a file whole; calls wait for each other, so that memory is bounded.
   * @throws EngineError `unsupported_image`, `unreadable_image`, `image_too_large` or `image_too_many_pixels`
   */
  check(path: string): Promise<CheckedImage> {
    return this.enqueue('image', path, (answer) => checkedImageSchema.parse(answer));
  }

  /**
   * Reads a mask picture (lib/vision/mask-picture); waits as `check` does.
   * @throws EngineError as `check`
   */
  readMask(path: string): Promise<MaskPicture> {
    return this.enqueue('mask', path, (answer) => unpackMask(packedMaskSchema.parse(answer)));
  }

  /** Ends the process. */
  close(): void {
    clearTimeout(this.idle);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private enqueue<Result>(
    kind: CheckRequest['kind'],
    path: string,
    read: (answer: unknown) => Result,
  ): Promise<Result> {
    const result = this.tail.then(async () => {
      const answer = await this.run(kind, path).catch((error: unknown) => {
        // Whatever ended the process may have had nothing to do with this image; one that did ends the next one too.
        if (error instanceof StoppedError) {
          return this.run(kind, path);
        }
        throw error;
      });
      try {
        return read(answer);
      } catch (error) {
        throw new EngineError('unreadable_image', `The image confuses the decoder (${messageOf(error)}).`);
      }
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async run(kind: CheckRequest['kind'], path: string): Promise<unknown> {
    clearTimeout(this.idle);
    const child = this.start();
    child.ref();
    child.channel?.ref();
    const timer = setTimeout(() => this.stop('takes too long to decode'), this.limits.timeMs);
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.lastId += 1;
        this.pending = { id: this.lastId, resolve, reject };
        child.send({ id: this.lastId, kind, path } satisfies CheckRequest, (error) => {
          if (error !== null) {
            this.stop(`cannot be decoded (${error.message})`);
          }
        });
      });
    } finally {
      clearTimeout(timer);
      this.pending = undefined;
      // An idle process keeps nothing alive, and goes after a while.
      child.unref();
      child.channel?.unref();
      this.idle = setTimeout(() => this.close(), this.limits.idleMs);
      this.idle.unref();
    }
  }

  private start(): ChildProcess {
    if (this.child !== undefined) {
      return this.child;
    }
    const child = fork(this.file, [String(this.limits.memoryBytes), String(this.limits.niceness)], {
      env: { NODE_ENV: 'production' },
      execArgv: ['--max-old-space-size=256'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child = child;
    child.on('message', (response: CheckResponse) => this.receive(response));
    child.on('error', () => undefined);
    child.on('exit', (code) => {
      if (this.child === child) {
        if (code === OUT_OF_MEMORY_EXIT) {
          this.stop('needs too much memory to decode');
        } else {
          this.stop('stops the decoder', StoppedError);
        }
      }
    });
    return child;
  }

  private receive(response: CheckResponse): void {
    const { pending } = this;
    if (pending?.id !== response.id) {
      return;
    }
    if (response.ok) {
      pending.resolve(response);
    } else {
      pending.reject(new EngineError(response.code, response.message));
    }
  }

  /** Ends the process and refuses the image it works on. */
  private stop(what: string, Kind = EngineError): void {
    this.close();
    this.pending?.reject(new Kind('unreadable_image', `The image ${what}: save it again in another format.`));
  }
}
