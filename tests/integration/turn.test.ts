import { join } from 'node:path';
import { ZERO_SHOT, bucketFor, judge } from '@/lib/anomaly/verdict';
import { readContext } from '@/lib/turn/context';
import { isReassurance } from '@/lib/turn/reassurance';
import type { TurnModels } from '@/lib/turn/local/models';
import { runLocalTurn as runTurn } from '@/lib/turn/local/run-local-turn';
import type { TurnEvent, TurnImage, TurnMessage, TurnResult } from '@/lib/turn/types';
import { type Models, closeModels, loadModels } from '@/lib/engine/worker/models';
import { turnModels } from '@/lib/engine/worker/turn-models';
import { parseVerdict } from '@/lib/evaluation/metrics/verdicts';
import { evidenceText, measureMask } from '@/lib/segmentation/describe';
import { decodeRle, rleArea } from '@/lib/segmentation/rle';

/** Turns on the real bundle: the protocol between language model, mask decoder and playbook, not the wording. */
jest.setTimeout(300_000);

const image = (name: string): TurnImage => ({
  id: name,
  name,
  source: { path: join(__dirname, '../fixtures/images', name) },
});
const cracked = image('cookie-cracked-1.jpg');
const clean = image('cube-normal-1.jpg');
const QUESTION = 'Are there any defects? If so, output the segmentation mask and suggest corrective actions.';
const ask = (text: string, images: TurnImage[] = [], references: TurnImage[] = []): TurnMessage => ({
  role: 'user',
  text,
  images,
  references,
});

let models: Models;
let turns: TurnModels;
beforeAll(async () => {
  models = await loadModels(join(process.cwd(), 'models/mini'));
  turns = await turnModels(models);
});
afterAll(() => closeModels(models));

type Ran = { result: TurnResult; events: TurnEvent[]; text: string; message: TurnMessage };

/** Verdicts that are given at the ends only. */
const DOUBTFUL = { zeroShot: { slope: 1, intercept: 0, low: 0.2, high: 0.8 } };
type Options = { score?: number; maxTokens?: number; verdict?: typeof DOUBTFUL; doubts?: boolean };

/**
 * Runs a turn to its end. With `score`, images look that suspicious, whatever they are; with `verdict` the bundle is
 * calibrated so.
 */
async function run(messages: TurnMessage[], { score, maxTokens = 60, verdict, doubts = false }: Options = {}) {
  const events: TurnEvent[] = [];
  const look: TurnModels['look'] = async (...args) => {
    const looked = await turns.look(...args);
    if (score === undefined) {
      return looked;
    }
    const calibration = { ...models.bundle.manifest.calibration, verdict };
    const judgement = judge(score, ZERO_SHOT, undefined, calibration);
    const bucket = bucketFor(score, judgement, calibration);
    return { ...looked, state: { ...looked.state, score, bucket, judgement } };
  };
  const result = await runTurn(
    { ...turns, look, doubts },
    { messages, focus: null, settings: { maxTokens } },
    { signal: new AbortController().signal, emit: (event) => events.push(event) },
  );
  const text = events.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('');
  return { result, events, text, message: { role: 'assistant', text, context: result.context } } satisfies Ran;
}

function only<Type extends TurnEvent['type']>({ events }: Ran, type: Type): Extract<TurnEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<TurnEvent, { type: Type }> => event.type === type);
}

describe('a first look at a suspicious image', () => {
  let first: Ran;
  beforeAll(async () => {
    first = await run([ask(QUESTION, [cracked])], { score: 0.9 });
  });

  it('tells of its progress, its look, its text, its mask and its end, in that order', () => {
    const kinds = first.events.map((event) => (event.type === 'status' ? event.stage : event.type));
    const order = ['decoding', 'inspection', 'prefill', 'writing', 'text', 'mask', 'findings', 'followups', 'timings'];
    const places = order.map((kind) => kinds.indexOf(kind as (typeof kinds)[number]));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('shows one mask, and hands the model what was measured on that very mask', async () => {
    const [mask, ...others] = only(first, 'mask');
    const context = readContext(first.result.context);
    expect(others).toEqual([]);
    const finding = context?.finding;
    if (mask === undefined || !finding) {
      throw new Error('There is no mask, or no finding.');
    }
    const { signal } = new AbortController();
    const { state } = await turns.look(cracked, [], {
      ...{ signal, onProgress: () => undefined, onGlance: () => undefined },
    });
    const measure = measureMask(decodeRle(mask.rle), state.picture.pixels);
    const { type, material, evidence } = finding;
    expect(evidence).toBe(evidenceText(measure, type, material));
    expect(context?.transcript).toContain(`<seg> ${evidence} [playbook: `);
    expect(only(first, 'findings')[0]?.items).toHaveLength(measure.regions.length);
  });

  it('names the playbook entry that it was given, with its actions to tick', () => {
    const [source] = only(first, 'sources').flatMap(({ sources }) => sources);
    expect(source?.kind).toBe('playbook');
    expect(only(first, 'checklist')[0]).toMatchObject({ topic: 'actions' });
    expect(only(first, 'followups')[0]?.followups.map(({ topic }) => topic)).not.toContain('actions');
  });

  it('shows neither control tokens nor evidence', () => {
    expect(first.text.trim()).not.toBe('');
    expect(first.text).not.toMatch(/<seg>|<image>|<\|im_|\[playbook|largest:/);
  });

  it('says the same again, from a warm cache', async () => {
    const again = await run([ask(QUESTION, [cracked])], { score: 0.9 });
    expect(again.result).toEqual(first.result);
    const [{ timings } = { timings: undefined }] = only(again, 'timings');
    expect(timings?.cachedTokens).toBe((timings?.promptTokens ?? 0) - 2);
  });

  it('gives the model both topics of a double question, and shows the list of each', async () => {
    const double = 'How serious is it, and what should we do?';
    const followup = await run([ask(QUESTION, [cracked]), first.message, ask(double)], { score: 0.9, maxTokens: 8 });
    const splice = readContext(followup.result.context)?.questionSplice;
    expect(splice).toMatch(
      /^ How serious is it, and what should we do\? \[asked: impact, actions\] \[playbook: [^\]]*, (?:minor|moderate|severe): [^\]]*\] \[playbook: [^\]]*, actions: [^\]]*\]$/,
    );
    expect(only(followup, 'checklist').map(({ topic }) => topic)).toEqual(['impact', 'actions']);
    expect(only(followup, 'sources')[0]?.sources).toHaveLength(1);
  });

  it('goes on from its own words: a follow-up reads only what is new, with the entry of the finding', async () => {
    const followup = await run([ask(QUESTION, [cracked]), first.message, ask('What could have caused it?')], {
      score: 0.9,
    });
    const context = readContext(followup.result.context);
    expect(context?.questionSplice).toMatch(/^ What caused it\? \[asked: cause\] \[playbook: .*causes: /);
    expect(context?.judged).toEqual([]);
    expect(only(followup, 'inspection')).toEqual([]);
    const [before, after] = [only(first, 'timings')[0]?.timings, only(followup, 'timings')[0]?.timings];
    // The whole first prompt, the answer, and what was spliced into it.
    expect(after?.cachedTokens ?? 0).toBeGreaterThan((before?.promptTokens ?? 0) + (before?.tokens ?? 0));
    expect((after?.promptTokens ?? 0) - (after?.cachedTokens ?? 0)).toBeLessThan(130);
  });
});

describe('the verdict', () => {
  const questions = ['Is there an anomaly in this image?', 'Describe the surface.', 'Write a short inspection report.'];

  it.each(questions)('to "%s" comes with a mask exactly when it is positive', async (question) => {
    for (const subject of [cracked, clean]) {
      for (const score of [0.1, 0.45, 0.55, 0.9]) {
        const ran = await run([ask(question, [subject])], { score, maxTokens: 24 });
        const masks = only(ran, 'mask');
        expect(masks).toHaveLength(score >= 0.5 ? 1 : 0);
        expect(only(ran, 'findings')).toHaveLength(masks.length);
        expect(masks.every(({ rle }) => rleArea(rle) > 0)).toBe(true);
        expect(parseVerdict(ran.text)).not.toBe(score >= 0.5 ? 'no' : 'yes');
      }
    }
  });

  it('that was left open is neither taken for sure later, nor is the question whether it is answered with nothing', async () => {
    const doubt = { score: 0.5, verdict: DOUBTFUL, doubts: true };
    const question = ask('Is there an anomaly in this image?', [cracked]);
    const unsure = await run([question], doubt);
    for (const text of ['How sure, honestly?', 'Are you certain?', 'Can I rely on that?', 'May it be shipped?']) {
      const followup = await run([question, unsure.message, ask(text)], doubt);
      expect([text, followup.text.trim()]).not.toEqual([text, '']);
      expect(followup.text.split(/(?<=[.!?])\s+/).filter(isReassurance)).toEqual([]);
    }
  });

  it('retrieves nothing after a negative one', async () => {
    const question = ask('Is there an anomaly in this image?', [clean]);
    const no = await run([question], { score: 0.1, maxTokens: 16 });
    const followup = await run([question, no.message, ask('What should we do about it?')], {
      score: 0.1,
      maxTokens: 16,
    });
    expect(readContext(followup.result.context)?.questionSplice).toBe(' What should we do about it? [asked: actions]');
    expect(only(followup, 'sources')).toEqual([]);
  });
});

describe('a conversation', () => {
  it('keeps what was said of a first look when the image is compared with references later', async () => {
    const question = ask('Is there an anomaly in this image?', [clean]);
    const alone = await run([question], { maxTokens: 8 });
    const compared = await run(
      [question, alone.message, ask('Compare it with the reference.', [clean], [image('cube-normal-2.jpg')])],
      { maxTokens: 8 },
    );
    expect(only(compared, 'inspection')[0]?.inspection.referenceCount).toBe(1);
    expect(only(compared, 'sources')[0]?.sources).toContainEqual({
      kind: 'image',
      id: 'cube-normal-2.jpg',
      title: 'cube-normal-2.jpg',
    });
    const [before, after] = [only(alone, 'timings')[0]?.timings, only(compared, 'timings')[0]?.timings];
    expect(after?.cachedTokens ?? 0).toBeGreaterThanOrEqual(before?.promptTokens ?? Infinity);
  });

  it('answers a general question from the playbook, without an image', async () => {
    const ran = await run([ask('What are the causes of cracks in ceramic?')], { maxTokens: 16 });
    expect(only(ran, 'sources')[0]?.sources[0]).toMatchObject({ kind: 'playbook', title: 'crack in ceramic' });
    expect(only(ran, 'mask')).toEqual([]);
  });

  it('stops when it is cancelled, and answers the next question', async () => {
    const controller = new AbortController();
    const texts: string[] = [];
    const stopped = runTurn(
      turns,
      { messages: [ask(QUESTION, [cracked])], focus: null, settings: {} },
      {
        signal: controller.signal,
        emit: (event) => {
          if (event.type === 'text') {
            texts.push(event.delta);
            controller.abort();
          }
        },
      },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(texts).toHaveLength(1);
    expect((await run([ask('What can you do?')], { maxTokens: 8 })).text.trim()).not.toBe('');
  });

  it('refuses a branch that ends with an answer', async () => {
    await expect(run([ask('Hello'), { role: 'assistant', text: 'Hi', context: null }])).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('an image that cannot be judged', () => {
  const flat = /no (?:corrective )?action|nothing has to be|can be (?:shipped|released)|speaks against|sure/i;

  it('comes with the notice of the product, before the words of the model, which let nothing pass', async () => {
    const question = ask(QUESTION, [clean]);
    const first = await run([question], { score: 0.4, verdict: DOUBTFUL });
    expect(only(first, 'notice')).toEqual([
      {
        type: 'notice',
        kind: 'unsure',
        imageId: clean.id,
        text: 'Unsure (0.40): I cannot tell from this picture alone. Give me one good part to compare with.',
        action: 'attach-reference',
      },
    ]);
    const kinds = first.events.map(({ type }) => type);
    expect(kinds.indexOf('notice')).toBeLessThan(kinds.indexOf('text'));
    expect(first.text).not.toMatch(flat);
    expect(first.result.context.transcript).not.toMatch(flat);
    expect(only(first, 'followups')[0]?.followups[0]?.topic).toBe('compare');
    const next = await run([question, first.message, ask('Can we ship it?')], { score: 0.4, verdict: DOUBTFUL });
    expect(only(next, 'notice')).toHaveLength(1);
    expect(next.text).not.toMatch(flat);
  });

  it('is told as moderately suspicious to a model that was taught to doubt, which says neither yes nor no', async () => {
    const doubted = await run([ask(QUESTION, [clean])], { score: 0.6, verdict: DOUBTFUL, doubts: true, maxTokens: 24 });
    expect(doubted.text.trim()).not.toMatch(/^(?:yes|no)\b/i);
    expect(only(doubted, 'notice')).toHaveLength(1);
  });

  it('leaves images outside of the doubt as they were', async () => {
    const plain = await run([ask(QUESTION, [clean])], { score: 0.1 });
    const decided = await run([ask(QUESTION, [clean])], { score: 0.1, verdict: DOUBTFUL });
    expect(decided.text).toBe(plain.text);
    expect(only(decided, 'notice')).toEqual([]);
  });
});
