import { getEngine } from '@/lib/engine/worker/client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { LanguageBench } from '@/lib/language';
import type { TurnMessage } from '@/lib/turn/types';
import type { Engine } from '@/lib/engine/worker/client';
import { integer } from '../option-values';

const SIDE = 1000;
const QUESTION = 'Are there any defects? If so, output the segmentation mask and suggest corrective actions.';
const FOLLOW_UP = 'What could have caused it?';

/** `looktwice bench`: speeds on this machine. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description(
      'measure first token, prefill, decode, several chats at once, inspections and memory on this machine; prints JSON',
    )
    .option('--runs <N>', 'runs of which the median is reported', integer(1, 100), 3)
    .option('--json', 'JSON, which is also what is printed without it')
    .action(bench);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const round = (value: number, digits = 1) => Number(value.toFixed(digits));

/** A new image for every run, so that nothing is answered from a cache: noise with a dark scratch. */
async function drawImage(path: string, run: number): Promise<void> {
  const { default: sharp } = await import('sharp');
  const noise = { type: 'gaussian', mean: 150, sigma: 12 } as const;
  const scratch = { create: { width: 300, height: 8, channels: 3, background: '#202020' } } as const;
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#808080', noise } })
    .composite([{ input: scratch, left: 100 + run, top: 400 }])
    .jpeg({ quality: 95 })
    .toFile(path);
}

/** Milliseconds to the first text of an answer, and the messages for the next question. */
async function firstToken(engine: Engine, messages: TurnMessage[], focus: string) {
  const started = performance.now();
  let first: number | undefined;
  let text = '';
  const result = await engine.turn(
    { messages, focus, settings: { temperature: 0, maxTokens: 48 } },
    {
      key: 'bench',
      onEvent(event) {
        if ('type' in event && event.type === 'text') {
          first ??= performance.now() - started;
          text += event.delta;
        }
      },
    },
  );
  const answered: TurnMessage[] = [...messages, { role: 'assistant', text, context: result.context }];
  return { ms: first ?? NaN, answered };
}

/**
 * Tokens per second of several answers written at the same time, by their number, and how many times the rate of one
 * the last is.
 */
function chatRates(language: readonly LanguageBench[]): Record<string, number> {
  const counts = language[0]?.chats.map(({ chats }) => chats) ?? [];
  const rates = counts.map((_, i) => median(language.map(({ chats }) => chats[i]?.tokensPerSecond ?? NaN)));
  const ratio = median(
    language.map(({ chats }) => (chats.at(-1)?.tokensPerSecond ?? NaN) / (chats[0]?.tokensPerSecond ?? NaN)),
  );
  return {
    ...Object.fromEntries(counts.map((count, i) => [count, round(rates[i] ?? NaN)])),
    ratio: round(ratio, 2),
  };
}

async function bench({ runs }: { runs: number }): Promise<void> {
  const engine = getEngine();
  const info = await engine.load();
  const folder = await mkdtemp(join(tmpdir(), 'looktwice-bench-'));
  const measured = { first: [] as number[], followUp: [] as number[], inspect: [] as number[] };
  const language = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      const [asked, inspected] = [join(folder, `asked-${run}.jpg`), join(folder, `inspected-${run}.jpg`)];
      await drawImage(asked, run);
      await drawImage(inspected, runs + run);
      const image = { id: asked, name: 'bench.jpg', source: { path: asked } };
      const question = { role: 'user' as const, text: QUESTION, images: [image], references: [] };
      const { ms, answered } = await firstToken(engine, [question], asked);
      measured.first.push(ms);
      const followUp = { role: 'user' as const, text: FOLLOW_UP, images: [], references: [] };
      measured.followUp.push((await firstToken(engine, [...answered, followUp], asked)).ms);
      const { timings } = await engine.inspect({ image: { path: inspected } }, { key: 'bench' });
      measured.inspect.push(timings.totalMs);
      language.push(await engine.benchLanguage(run));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const report = {
    bundle: info.bundle,
    device: info.device,
    threads: info.threads,
    runs,
    loadMs: round(info.loadMs),
    firstTokenMs: round(median(measured.first)),
    followUpFirstTokenMs: round(median(measured.followUp)),
    inspectionMs: round(median(measured.inspect)),
    inspectionsPerSecond: round(1000 / median(measured.inspect), 2),
    prefillTokensPerSecond: round(median(language.map((each) => each.prefillTokensPerSecond))),
    decodeTokensPerSecond: round(median(language.map((each) => each.decodeTokensPerSecond))),
    promptTokens: language[0]?.promptTokens,
    chatsTokensPerSecond: chatRates(language),
    image: `${SIDE} x ${SIDE} px`,
    // Of the whole process, the engine's thread included.
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
