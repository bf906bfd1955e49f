import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@/lib/common/paths';
import { dataDirectory } from '@/lib/storage/data-directory';
import type { PreparedItem } from '../prepare-item';
import type { ImportProblem } from '../types';
import { OUT_OF_MEMORY_EXIT, unpackError, type ReaderMessage, type ReaderRequest } from './protocol';
import { ReaderEndedError, type Listed, type SetReader, type SetSource } from './set-reader';

export type ReaderLimits = {
  /** Longest silence, in ms: the process reports every second that it makes progress. */
  stallMs: number;
  /** Longest time for one batch of images, in ms, however well it gets on. */
  batchMs: number;
  /** Resident memory, in bytes. */
  memoryBytes: number;
  /** Memory of its JavaScript values, in MB. */
  heapMegabytes: number;
};

export const DEFAULT_LIMITS: ReaderLimits = {
  stallMs: 60_000,
  batchMs: 20 * 60_000,
  memoryBytes: 2.5e9,
  heapMegabytes: 1536,
};

/** V8 ends a process that is out of memory by a signal. */
const OUT_OF_HEAP: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP'];

type Pending = { resolve: (message: ReaderMessage) => void; reject: (error: unknown) => void };

/**
 * Reads a set in a process of its own: whatever a set does to it, holds it up, fills its memory or ends it, the server
 * goes on. It knows where the data are, and no secrets; it has no connection to the database.
 */
export class ChildReader implements SetReader {
  private child: ChildProcess | undefined;
  private pending: Pending | undefined;
  private silence: NodeJS.Timeout | undefined;
  private at: string | null = null;

  constructor(
    private readonly limits: ReaderLimits = DEFAULT_LIMITS,
    private readonly file = join(projectRoot(), 'dist', 'set-reader.mjs'),
  ) {}

  async list(source: SetSource, signal: AbortSignal): Promise<Listed> {
    const stop = () => {
      this.pending?.reject(signal.reason);
      this.close();
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const message = await this.ask({ kind: 'list', source });
      if (message.kind !== 'listed') {
        throw new ReaderEndedError('confuses the reader', this.at);
      }
      return message.listed;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async prepare(position: number, count: number): Promise<PreparedItem[]> {
    const timer = setTimeout(() => this.end('takes too long to be read'), this.limits.batchMs);
    try {
      const message = await this.ask({ kind: 'prepare', position, count });
      if (message.kind !== 'prepared') {
        throw new ReaderEndedError('confuses the reader', this.at);
      }
      return message.items;
    } finally {
      clearTimeout(timer);
    }
  }

  async settle(left: readonly string[]): Promise<ImportProblem[]> {
    const message = await this.ask({ kind: 'settle', left });
    if (message.kind !== 'settled') {
      throw new ReaderEndedError('confuses the reader', this.at);
    }
    return message.problems;
  }

  close(): void {
    clearTimeout(this.silence);
    const { child } = this;
    this.child = undefined;
    child?.kill('SIGKILL');
  }

  private ask(request: ReaderRequest): Promise<ReaderMessage> {
    const child = this.start();
    return new Promise<ReaderMessage>((resolve, reject) => {
      this.pending = { resolve, reject };
      this.expectBeat();
      child.send(request, (error) => {
        if (error !== null) {
          this.end(`cannot be read (${error.message})`);
        }
      });
    }).finally(() => {
      this.pending = undefined;
      clearTimeout(this.silence);
    });
  }

  private start(): ChildProcess {
    if (this.child !== undefined) {
      return this.child;
    }
    const { memoryBytes, heapMegabytes } = this.limits;
    const child = fork(this.file, [String(memoryBytes)], {
      env: { NODE_ENV: 'production', LOOKTWICE_DATA: dataDirectory(), LOOKTWICE_ROOT: projectRoot() },
      execArgv: [`--max-old-space-size=${heapMegabytes}`],
      // Masks are typed arrays and long lists.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    if (child.pid !== undefined) {
      // Nobody waits for it as for an answer, so that it stands behind the engine's threads; the decoders that it
      // starts inherit this.
      setPriority(child.pid, constants.priority.PRIORITY_LOW);
    }
    this.child = child;
    this.at = null;
    child.on('message', (message: ReaderMessage) => this.receive(message));
    child.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      if (this.child === child) {
        const isFull = code === OUT_OF_MEMORY_EXIT || OUT_OF_HEAP.includes(signal);
        this.end(isFull ? 'needs too much memory to be read' : 'stops the reader');
      }
    });
    return child;
  }

  private receive(message: ReaderMessage): void {
    this.expectBeat();
    switch (message.kind) {
      case 'beat':
        return;
      case 'at':
        this.at = message.file;
        return;
      case 'failed':
        this.pending?.reject(unpackError(message.error));
        return;
      default:
        this.pending?.resolve(message);
    }
  }

  private expectBeat(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end('takes too long to be read'), this.limits.stallMs);
  }

  /** Ends the process, and what it works on fails. */
  private end(reason: string): void {
    this.close();
    this.pending?.reject(new ReaderEndedError(reason, this.at));
  }
}
