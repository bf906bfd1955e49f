import sharp from 'sharp';
import type { LanguageModelV3Prompt } from '@ai-sdk/provider';
import { messageOf } from '@/lib/common/message-of';
import { type Engine, getEngine } from '@/lib/engine/worker/client';
import type { NamedEngine } from './registry';
import { askRemote } from './remote/reply';

const SIDE = 64;
/** A small red square: it says whether pictures arrive, and nothing about anybody's parts. */
const redSquare = () =>
  sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#d02020' } })
    .jpeg()
    .toBuffer();

export type EngineTrial = { ok: boolean; message: string; ms: number };

/**
 * Asks an engine something short, so that its address, key, model and whether it takes pictures are known to work; what
 * fails is reported, not thrown.
 */
export async function testEngine(
  engine: NamedEngine,
  signal: AbortSignal,
  local: Engine = getEngine(),
): Promise<EngineTrial> {
  const started = performance.now();
  const end = (ok: boolean, message: string) => ({ ok, message, ms: performance.now() - started });
  try {
    if (engine.kind === 'embedded') {
      const { bundle } = await local.load();
      return end(true, `${bundle} is loaded.`);
    }
    const { images } = engine.config;
    const question = images ? 'Which colour has this picture? Answer with one word.' : 'Answer with the word "ready".';
    const prompt: LanguageModelV3Prompt = [
      {
        role: 'user',
        content: [
          ...(images
            ? [{ type: 'file' as const, data: new Uint8Array(await redSquare()), mediaType: 'image/jpeg' }]
            : []),
          { type: 'text', text: question },
        ],
      },
    ];
    let text = '';
    let model: string | null = null;
    for await (const event of askRemote(engine, { prompt, settings: { maxTokens: 60, temperature: 0 } }, signal)) {
      if (event.type === 'text') {
        text += event.delta;
      } else {
        ({ model } = event);
      }
    }
    const said = text.replace(/\s+/g, ' ').trim().slice(0, 200);
    const other = model === null || model === engine.config.model ? '' : ` (as ${model})`;
    return said === '' ? end(false, 'It answered without a word.') : end(true, `It answered${other}: ${said}`);
  } catch (error) {
    return end(false, messageOf(error));
  }
}
