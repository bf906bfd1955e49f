import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { setting } from '../env';
import type { Bundle } from './bundle';
import { EngineError } from './errors';
import { messageOf } from '@/lib/common/message-of';
import { pruneModel } from './onnx-prune';

/** A tensor's element type and shape; a string is a free dimension. */
export type TensorShape = { type?: Tensor.Type; shape: readonly (number | string)[] };
export type Signature = { inputs: Record<string, TensorShape>; outputs: Record<string, TensorShape> };

/** Threads for one inference: LOOKTWICE_THREADS, else one per core, at most 8 (more gains nothing at these sizes). */
export function inferenceThreads(): number {
  return setting('LOOKTWICE_THREADS') ?? Math.min(availableParallelism(), 8);
}

const shapeText = (shape: readonly (number | string)[]) => `[${shape.join(', ')}]`;

function checkTensors(
  file: string,
  kind: 'input' | 'output',
  actual: readonly InferenceSession.ValueMetadata[],
  expected: Record<string, TensorShape>,
): void {
  for (const [name, want] of Object.entries(expected)) {
    const found = actual.find((value) => value.name === name);
    if (found?.isTensor !== true) {
      throw new EngineError('model_unavailable', `The model bundle's file ${file} has no ${kind} "${name}".`);
    }
    const { shape } = found;
    const fits =
      shape.length === want.shape.length &&
      shape.every((size, axis) => {
        const wanted = want.shape[axis];
        return typeof size === 'string' || typeof wanted === 'string' || size < 0 || size === wanted;
      });
    if (!fits) {
      throw new EngineError(
        'model_unavailable',
        `The model bundle's file ${file} has ${kind} "${name}" of shape ${shapeText(shape)}, the manifest says ${shapeText(want.shape)}.`,
      );
    }
    const type = want.type ?? 'float32';
    if (found.type !== type) {
      throw new EngineError(
        'model_unavailable',
        `The model bundle's file ${file} has ${kind} "${name}" of type ${found.type}, expected ${type}.`,
      );
    }
  }
}

/** Settings of ONNX Runtime; `prune` leaves out what does not lead to the signature's outputs. */
export type SessionOptions = InferenceSession.SessionOptions & { prune?: boolean };

function createSession(
  model: string | Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  return typeof model === 'string' ? InferenceSession.create(model, options) : InferenceSession.create(model, options);
}

/**
 * Opens a graph of the bundle on the CPU and checks that its inputs and outputs are those of `signature`.
 * @throws EngineError `model_unavailable` naming the file
 */
export async function openSession(
  bundle: Bundle,
  file: string,
  signature: Signature,
  { prune = false, ...options }: SessionOptions = {},
): Promise<InferenceSession> {
  const path = bundle.path(file);
  let session: InferenceSession;
  try {
    const pruned = prune ? pruneModel(await readFile(path), Object.keys(signature.outputs)) : undefined;
    session = await createSession(pruned ?? path, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: inferenceThreads(),
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // A token is some hundred operations of microseconds: threads that sleep between them cost a third of the time.
      // Waiting longer than this gains little, and takes the cores from whatever else runs
      // (docs/decisions/language-graph.md).
      extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '50' } } },
      ...options,
    });
  } catch (error) {
    if (error instanceof EngineError) {
      throw error;
    }
    throw new EngineError('model_unavailable', `The model bundle's file ${file} cannot be loaded: ${messageOf(error)}`);
  }
  try {
    checkTensors(file, 'input', session.inputMetadata, signature.inputs);
    checkTensors(file, 'output', session.outputMetadata, signature.outputs);
  } catch (error) {
    await session.release();
    throw error;
  }
  return session;
}

/** A float32 tensor over `data` (not copied). */
export function floatTensor(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor('float32', data, shape);
}

/** The float32 data of a graph's output. */
export function floatOutput(outputs: InferenceSession.ReturnType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) {
    throw new EngineError('internal', `The graph's output "${name}" is not float32.`);
  }
  return data;
}

/** The same for an int32 output. */
export function int32Output(outputs: InferenceSession.ReturnType, name: string): Int32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Int32Array)) {
    throw new EngineError('internal', `The graph's output "${name}" is not int32.`);
  }
  return data;
}
