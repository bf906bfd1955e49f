import { leansAnomalous } from '@/lib/contract/verdict';
import type { MaskMeasure } from '@/lib/segmentation/describe';
import type { Bbox } from '@/lib/segmentation/mask';
import type { Size } from '@/lib/vision/layout';
import type { Evidence, Writer, WriterEvent } from '@/lib/turn/writer';
import type { RemoteEngine } from '../registry';
import { ANSWER_SCHEMA, type ReadAnswer, plainReader, structuredReader } from './answer-reader';
import { toNamedBoxes } from './boxes';
import { disagreements } from './check';
import type { RemoteSeen } from './perception';
import { type Draw, buildRemotePrompt } from './prompt';
import { RemoteError } from './remote-error';
import { type ReplyEvent, askRemote } from './reply';

/** A box that overlaps a region of the expert by so much means that region. */
const SAME = 0.5;

/** Intersection over union of two boxes. */
function overlap(a: Readonly<Bbox>, b: Readonly<Bbox>): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a[2] * a[3] + b[2] * b[3] - both);
}

type Pointed = { evidence: Evidence<RemoteSeen>; measures: MaskMeasure[]; sent: Size | null; engine: RemoteEngine };

/**
 * Shows what an answer points at: each box that is no region of the expert's already, and the expert's own marks where
 * it says no more than `<seg>`.
 */
async function showPlaces(answer: ReadAnswer, { evidence, measures, sent, engine }: Pointed): Promise<void> {
  const { state } = evidence;
  if (state === undefined || sent === null) {
    return;
  }
  const { width, height, regions } = state.inspection;
  const isMarked = measures.length > 0;
  const places = toNamedBoxes(answer.boxes, engine.config, { sent, original: { width, height } });
  for (const { box, label } of places) {
    if (isMarked && regions.some(({ bbox }) => overlap(bbox, box) >= SAME)) {
      continue;
    }
    const shown = await evidence.point({ box }, label ?? undefined);
    if (shown !== undefined) {
      measures.push(shown.measure);
    }
  }
  if (answer.segs > 0 && measures.length === 0) {
    const shown = await evidence.point('expert');
    if (shown !== undefined) {
      measures.push(shown.measure);
    }
  }
}

/**
 * A model elsewhere: it is sent pictures and evidence, and what it says is compared with the evidence afterwards, since
 * tokens cannot be banned there. The expert's marks are shown before it speaks, the places that it names after.
 */
export function remoteWriter(engine: RemoteEngine, draw: Draw): Writer<RemoteSeen> {
  const { config } = engine;
  return {
    async *write(branch, _images, evidence, { settings, signal }): AsyncGenerator<WriterEvent, void> {
      const { state, subject } = evidence;
      const measures: MaskMeasure[] = [];
      const isMarking = state !== undefined && subject?.isFirstLook === true && leansAnomalous(state.judgement);
      const shown = isMarking ? await evidence.point('expert') : undefined;
      if (shown !== undefined) {
        measures.push(shown.measure);
      }
      const { prompt, sent, asked, unsent } = await buildRemotePrompt(branch, evidence, shown, { config, draw });
      yield { type: 'status', stage: 'writing' };
      const reader = config.structured ? structuredReader() : plainReader();
      const schema = config.structured ? ANSWER_SCHEMA : undefined;
      let end: Extract<ReplyEvent, { type: 'end' }> | undefined;
      for await (const event of askRemote(engine, { prompt, settings, schema }, signal)) {
        if (event.type === 'end') {
          end = event;
          continue;
        }
        const delta = await reader.push(event.delta);
        if (delta !== '') {
          yield { type: 'text', delta };
        }
      }
      const { rest, answer } = await reader.end();
      if (rest !== '') {
        yield { type: 'text', delta: rest };
      }
      if (answer.thought && answer.text.trim() === '' && answer.boxes.length + answer.segs === 0) {
        throw new RemoteError(
          'cut',
          `${engine.label} thought until its answer was over, and said nothing: raise engines.${engine.name}.maxTokens, or switch its thinking off.`,
        );
      }
      await showPlaces(answer, { evidence, measures, sent, engine });
      if (state !== undefined && subject !== undefined) {
        if (unsent > 0) {
          const others = config.prompt === 'plain' ? 'Nothing of the others' : 'What the expert found on the others';
          const text = `${engine.label} was sent ${asked - unsent} of the ${asked} pictures of this question. ${others} was told to it.`;
          yield { type: 'notice', kind: 'unsent', imageId: subject.image.id, text, action: null };
        }
        const { judgement } = state;
        const facts = { label: engine.label, imageId: subject.image.id, isFirstLook: subject.isFirstLook };
        for (const notice of disagreements(answer, { ...facts, judgement, measures })) {
          yield { type: 'notice', ...notice };
        }
      }
      const { finishReason = 'stop', tokens = 0, promptTokens = 0, cachedTokens = 0 } = end ?? {};
      yield {
        type: 'end',
        finishReason,
        // The embedded model reads it as text, should it take over.
        pieces: [{ spliced: answer.text }],
        transcript: answer.text,
        usage: { promptTokens, cachedTokens },
        tokens,
      };
    },
  };
}
