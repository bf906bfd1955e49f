import { getEngine } from '@/lib/engine/worker/client';
import type { Command } from 'commander';
import { hostOf } from '@/lib/engines/config';
import { type NamedEngine, findEngine, keyOf, listEngines } from '@/lib/engines/registry';
import { testEngine } from '@/lib/engines/test-engine';
import { interruptSignal } from '../engine';

/** `looktwice engines list|test`. */
export function registerEngines(program: Command): void {
  const engines = program
    .command('engines')
    .description('see who can write answers: the embedded model, and models elsewhere');
  engines
    .command('list')
    .description('list the engines of the engines file (docs/engines.md)')
    .option('--json', 'print JSON')
    .action(list);
  engines
    .command('test')
    .description('ask an engine something short, with a small picture if it takes pictures')
    .argument('<name>', 'its name in the file')
    .action(test);
}

function describe(engine: NamedEngine) {
  if (engine.kind === 'embedded') {
    return { name: engine.name, kind: engine.kind, label: engine.label };
  }
  const { model, images, fallback, prompt } = engine.config;
  const hasKey = keyOf(engine) !== undefined;
  return {
    name: engine.name,
    kind: engine.kind,
    label: engine.label,
    model,
    host: hostOf(engine.config),
    images,
    prompt,
    fallback,
    hasKey,
  };
}

async function list({ json }: { json?: true }): Promise<void> {
  const rows = (await listEngines()).map(describe);
  if (json === true) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  for (const { name, model, host, images, fallback, hasKey } of rows) {
    const details =
      host === undefined
        ? ['this installation']
        : [
            `${model ?? ''} at ${host}`,
            images === true ? 'gets pictures' : 'gets no pictures',
            hasKey === true ? 'with a key' : 'without a key',
            ...(fallback === 'embedded' ? ['falls back to the embedded model'] : []),
          ];
    process.stdout.write(`${name}: ${details.join(', ')}\n`);
  }
}

async function test(name: string): Promise<void> {
  const { ok, message, ms } = await testEngine(await findEngine(name), interruptSignal(), getEngine());
  if (!ok) {
    throw new Error(message);
  }
  process.stdout.write(`${name}: ${message} (${Math.round(ms)} ms)\n`);
}
