import type { StatusResponse } from '@/lib/contract';
import { getEngine, type EngineStatus } from '@/lib/engine/worker/client';
import packageJson from '../../package.json';

const states: Record<EngineStatus['state'], StatusResponse['engine']> = {
  stopped: 'absent',
  loading: 'loading',
  ready: 'ready',
  failed: 'failed',
};

/** `looktwice-mini@0.1.0` as id and version. */
function splitBundle(name: string): { id: string; version: string } {
  const at = name.lastIndexOf('@');
  return at < 0 ? { id: name, version: '' } : { id: name.slice(0, at), version: name.slice(at + 1) };
}

/** What the status bar shows. */
export function readStatus(): StatusResponse {
  const { state, info, problem, waiting, busy } = getEngine().status();
  return {
    version: packageJson.version,
    bundle: info === undefined ? null : splitBundle(info.bundle),
    engine: states[state],
    reason: problem ?? null,
    queue: { waiting, running: busy ? 1 : 0 },
    device: info?.device ?? 'cpu',
    threads: info?.threads ?? 0,
    memoryBytes: process.memoryUsage().rss,
    versions: { node: process.versions.node, onnxruntime: packageJson.dependencies['onnxruntime-node'] },
  };
}
