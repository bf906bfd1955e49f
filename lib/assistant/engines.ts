import type { EngineInfo, EnginesResponse } from '@/lib/contract';
import { messageOf } from '@/lib/common/message-of';
import { EMBEDDED, hostOf } from '@/lib/engines/config';
import { allowedEngines } from '@/lib/engines/consent';
import { type NamedEngine, findEngine, listEngines } from '@/lib/engines/registry';
import { withoutPaths } from '@/lib/http/without-paths';

function toInfo(engine: NamedEngine, allowed: readonly string[]): EngineInfo {
  const { name, label } = engine;
  if (engine.kind === 'embedded') {
    return { name, label, kind: 'embedded', model: null, host: null, images: true, fallback: false, allowed: true };
  }
  const { model, images, fallback } = engine.config;
  const host = hostOf(engine.config);
  return {
    name,
    label,
    kind: 'remote',
    model,
    host,
    images,
    fallback: fallback === 'embedded',
    allowed: allowed.includes(name),
  };
}

/** The engines that can be chosen, and what is wrong with their file; a wrong file leaves the embedded one. */
export async function describeEngines(): Promise<EnginesResponse> {
  const allowed = await allowedEngines(null);
  try {
    return { engines: (await listEngines()).map((engine) => toInfo(engine, allowed)), problem: null };
  } catch (error) {
    return { engines: [toInfo(await findEngine(EMBEDDED), allowed)], problem: withoutPaths(messageOf(error)) };
  }
}
