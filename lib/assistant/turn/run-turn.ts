import type { InspectionState } from '@/lib/anomaly/state';
import { EngineError } from '@/lib/engine/errors';
import { type Topic, canonicalType, materialOf, severityOf, topicOf } from '@/lib/knowledge';
import { GREEDY, Generation, encodeAnswerStart, promptBudget, trimToBudget } from '@/lib/language';
import { evidenceText, measureMask, placeOfRle } from '@/lib/segmentation/describe';
import { encodeRle } from '@/lib/segmentation/rle';
import type { AnswerPiece, TurnContext, TurnFinding } from './context';
import { type ReadMessage, buildPrompt, readBranch } from './conversation';
import { type Advice, advise, findingRows, nameType } from './finding';
import { suggestFollowups } from './followups';
import type { TurnModels } from './models';
import type { TurnEvent, TurnImage, TurnRequest, TurnResult } from './types';
import { LoopGuard, VerdictGuard } from './verdict';

const MAX_TOKENS = 220;
/** Longer than anything an answer says twice for good reason (a measured size, a defect's name). */
const NO_REPEAT_NGRAM = 24;

export type TurnOptions = { signal: AbortSignal; emit: (event: TurnEvent) => void };

/**
 * Answers the last question of a branch: looks at its images, reads the prompt, lets the model speak, turns each `<seg>` into a
 * mask and hands what was measured on it back to the model (docs/design/model.md, "One turn").
 * @throws EngineError `cancelled`, `invalid_request` (no question, or too long), and those of the images
 */
export async function runTurn(models: TurnModels, request: TurnRequest, options: TurnOptions): Promise<TurnResult> {
  return new TurnRun(models, request, options).run();
}

class TurnRun {
  private readonly branch: ReadMessage[];
  private readonly states = new Map<string, InspectionState>();
  /** Regions of the default prompt's mask, by image: they settle what the score leaves open. */
  private readonly regionCounts = new Map<string, number>();
  private readonly started = performance.now();
  private readonly pieces: AnswerPiece[] = [];
  private readonly advice: Advice[] = [];
  private finding: TurnFinding | null = null;
  private text = '';

  constructor(
    private readonly models: TurnModels,
    private readonly request: TurnRequest,
    private readonly options: TurnOptions,
  ) {
    this.branch = readBranch(request.messages);
  }

  async run(): Promise<TurnResult> {
    const { models, options } = this;
    const last = this.branch.at(-1);
    if (last?.role !== 'user') {
      throw new EngineError('invalid_request', 'The conversation must end with a question.');
    }
    await this.lookAtImages();
    const question = last.message.text;
    const subject = this.subject(last.message.images);
    const judged = new Set(this.contexts().flatMap((context) => context.judged));
    const isFirstLook = subject !== undefined && !judged.has(subject.id);
    const known = this.contexts().reduce<TurnFinding | null>((found, { finding }) => finding ?? found, null);
    const splice = this.questionSplice(question, isFirstLook, known);

    const tokenizer = models.language.tokenizer;
    const maxTokens = this.request.settings.maxTokens ?? MAX_TOKENS;
    const width = widthOf(subject === undefined ? undefined : this.states.get(subject.id), this.states);
    const prompt = buildPrompt(this.branch, { system: models.system, images: this.states, width, splice });
    const { positions } = trimToBudget(prompt, promptBudget(models.language.context, maxTokens), tokenizer);
    options.emit({ type: 'status', stage: 'prefill', done: 0, total: positions.length });
    const reading = performance.now();
    const decoding = await models.language.start([...positions, ...encodeAnswerStart(tokenizer)], {
      signal: options.signal,
      onProgress: (done, total) => options.emit({ type: 'status', stage: 'prefill', done, total }),
    });
    const prefillMs = performance.now() - reading;
    try {
      const state = subject === undefined ? undefined : this.states.get(subject.id);
      const guard = new VerdictGuard(
        isFirstLook && state !== undefined ? this.decisiveBucket(subject.id, state.bucket) : undefined,
        models.segToken,
        tokenizer,
        state === undefined ? 0 : 1,
      );
      const generation = new Generation(decoding, tokenizer, {
        sampling: { ...GREEDY, noRepeatNgram: NO_REPEAT_NGRAM, ...definedSampling(this.request.settings) },
        maxTokens,
        allowedControls: [models.segToken],
        signal: options.signal,
      });
      const loops = new LoopGuard();
      let said: number[] = [];
      let firstTokenMs: number | undefined;
      let finishReason: TurnResult['finishReason'] = 'stop';
      options.emit({ type: 'status', stage: 'writing' });

      const point = async () => {
        guard.seg();
        this.keep(said);
        said = [];
        this.pieces.push({ tokens: [models.segToken] });
        if (subject !== undefined && state !== undefined) {
          const spliced = await this.point(subject, state, decoding.hidden(), question, isFirstLook);
          this.pieces.push({ spliced });
          await decoding.splice([{ kind: 'text', text: spliced }], options.signal);
        }
      };

      for (;;) {
        if (guard.mustPoint()) {
          await generation.catchUp();
          await decoding.accept(models.segToken);
          await point();
        }
        const before = generation.spoken.length;
        const step = await generation.next(guard.banned());
        said.push(...generation.spoken.slice(before).filter((id) => id !== models.segToken));
        if (step.kind === 'end') {
          finishReason = step.reason === 'length' ? 'length' : 'stop';
          if (guard.owesMask()) {
            await generation.catchUp();
            await decoding.accept(models.segToken);
            await point();
          }
          break;
        }
        if (step.kind === 'control') {
          await point();
          continue;
        }
        firstTokenMs ??= performance.now() - this.started;
        this.text += step.text;
        options.emit({ type: 'text', delta: step.text });
        guard.text(step.text);
        if (loops.text(step.text)) {
          break;
        }
      }
      this.keep(said);
      const wrote = performance.now() - this.started - (firstTokenMs ?? 0);
      this.close(question, subject, isFirstLook, known);
      options.emit({
        type: 'timings',
        timings: {
          ...(state === undefined ? {} : { encodeMs: state.timings.encodeMs, expertMs: state.timings.expertMs }),
          prefillMs,
          ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
          tokens: generation.tokens,
          ...(wrote > 0 ? { tokensPerSecond: (generation.tokens / wrote) * 1000 } : {}),
          promptTokens: decoding.usage.promptTokens,
          cachedTokens: decoding.usage.cachedTokens,
        },
      });
      const context: TurnContext = {
        transcript: this.transcript(),
        questionSplice: splice,
        pieces: this.pieces,
        judged: isFirstLook ? [subject.id] : [],
        finding: this.finding,
      };
      return { context, finishReason, bundle: models.bundle };
    } finally {
      decoding.dispose();
    }
  }

  /** Looks at every image of the branch; only the new question's are announced. */
  private async lookAtImages(): Promise<void> {
    const { signal, emit } = this.options;
    for (const [index, read] of this.branch.entries()) {
      if (read.role !== 'user') {
        continue;
      }
      const isNew = index === this.branch.length - 1;
      for (const image of read.message.images) {
        if (isNew) {
          emit({ type: 'status', stage: 'decoding' });
        }
        const { references } = read.message;
        const { state, describe } = await this.models.look(image, references, {
          signal,
          onProgress: (done, total) => emit({ type: 'status', stage: 'looking', done, total }),
        });
        this.states.set(image.id, state);
        if (isNew) {
          const inspection = await describe();
          this.regionCounts.set(image.id, inspection.regions.length);
          const regions = inspection.regions.map((region) => ({ ...region, place: placeOfRle(region.rle) }));
          const referenceIds = references.map(({ id }) => id);
          emit({ type: 'inspection', imageId: image.id, referenceIds, inspection: { ...inspection, regions } });
        }
      }
    }
  }

  /** The image that the question is about: the most suspicious of its own, else the one in focus, else the latest. */
  private subject(own: readonly TurnImage[]): TurnImage | undefined {
    const all = this.branch.flatMap((read) => (read.role === 'user' ? read.message.images : []));
    const byScore = [...own].sort((a, b) => (this.states.get(b.id)?.score ?? 0) - (this.states.get(a.id)?.score ?? 0));
    return byScore[0] ?? all.find(({ id }) => id === this.request.focus) ?? all.at(-1);
  }

  /** The bucket that the verdict follows: a middling score is settled by whether the mask decoder marks anything. */
  private decisiveBucket(imageId: string, bucket: InspectionState['bucket']): InspectionState['bucket'] {
    const marked = this.regionCounts.get(imageId);
    if (bucket !== 'moderately' || marked === undefined) {
      return bucket;
    }
    return marked > 0 ? 'highly' : 'slightly';
  }

  private contexts(): TurnContext[] {
    return this.branch.flatMap((read) => (read.role === 'assistant' && read.context !== null ? [read.context] : []));
  }

  private questionSplice(question: string, isFirstLook: boolean, known: TurnFinding | null): string {
    const topic = topicOf(question);
    if (topic === null || isFirstLook) {
      return '';
    }
    const { playbook } = this.models;
    const named = canonicalType(playbook, question);
    if (known !== null) {
      return this.retrieve({ defect: known.type, material: known.material, text: question }, topic, known.severity);
    }
    // A verdict of "no" has been given: nothing was found that an entry could be about.
    if (this.states.size > 0 || named === 'unknown') {
      return '';
    }
    return this.retrieve(
      { defect: named, material: materialOf(playbook, question), text: question },
      topic,
      'moderate',
    );
  }

  private retrieve(
    query: { defect: string; material: string; text: string },
    topic: Topic,
    severity: TurnFinding['severity'],
  ): string {
    const advice = advise(this.models.playbook, query, topic, severity);
    this.advice.push(advice);
    return advice.splice;
  }

  /** Turns H_seg into the mask, tells of it, and returns the evidence (and advice) for the model. */
  private async point(
    image: TurnImage,
    state: InspectionState,
    prompt: Float32Array,
    question: string,
    isFirstLook: boolean,
  ): Promise<string> {
    const { playbook, segmenter } = this.models;
    const { emit } = this.options;
    const segmentation = await segmenter.segment(state, prompt);
    const { mask, regions, types } = segmentation;
    const { picture } = state;
    const measure = measureMask(
      mask,
      picture.width === mask.width && picture.height === mask.height ? picture.pixels : undefined,
    );
    const defect = nameType(playbook, types);
    const material = materialOf(playbook, this.userText());
    const items = findingRows(playbook, segmentation, defect);
    const severity = severityOf(playbook, {
      defect,
      extentPercent: measure.extentPercent,
      count: measure.regions.length,
    });
    const evidence = evidenceText(measure, defect, material);
    this.finding = { imageId: image.id, type: defect, material, severity, evidence };
    emit({
      type: 'mask',
      imageId: image.id,
      rle: encodeRle(mask),
      bbox: unionBox(regions.map(({ bbox }) => bbox)),
      areaFraction: Math.min(
        1,
        regions.reduce((sum, region) => sum + region.areaFraction, 0),
      ),
      label: defect,
      score: regions.reduce((best, region) => Math.max(best, region.score), 0),
    });
    emit({ type: 'findings', imageId: image.id, items });
    const topic = isFirstLook ? topicOf(question) : null;
    return ` ${evidence}${topic === null ? '' : this.retrieve({ defect, material, text: question }, topic, severity)}`;
  }

  /** Everything the user wrote: where a material may be named. */
  private userText(): string {
    return this.branch.flatMap((read) => (read.role === 'user' ? [read.message.text] : [])).join(' ');
  }

  private keep(tokens: number[]): void {
    if (tokens.length > 0) {
      this.pieces.push({ tokens });
    }
  }

  private transcript(): string {
    const { tokenizer } = this.models.language;
    return this.pieces.map((piece) => ('tokens' in piece ? tokenizer.decode(piece.tokens) : piece.spliced)).join('');
  }

  /** Sources, checklists and follow-ups at the end of the answer. */
  private close(
    question: string,
    subject: TurnImage | undefined,
    isFirstLook: boolean,
    known: TurnFinding | null,
  ): void {
    const { emit } = this.options;
    const references = this.branch.flatMap((read) => (read.role === 'user' ? read.message.references : []));
    const last = this.branch.at(-1);
    const compared = last?.role === 'user' && last.message.images.length > 0 ? last.message.references : [];
    const sources = [
      ...this.advice.map(({ source }) => source),
      ...compared.map(({ id, name }) => ({ kind: 'image' as const, id, title: name })),
    ];
    if (sources.length > 0) {
      emit({ type: 'sources', sources });
    }
    for (const { checklist } of this.advice) {
      if (checklist !== null) {
        emit({ type: 'checklist', ...checklist });
      }
    }
    const asked = this.branch.flatMap((read) => (read.role === 'user' ? [read.message.text] : []));
    const defect = this.finding?.type ?? (isFirstLook ? null : (known?.type ?? null));
    const followups = suggestFollowups({
      image: subject !== undefined,
      defect,
      asked,
      references: references.length > 0,
    });
    if (followups.length > 0) {
      emit({ type: 'followups', followups });
    }
  }
}

function widthOf(state: InspectionState | undefined, states: ReadonlyMap<string, InspectionState>): number {
  const any = state ?? [...states.values()][0];
  // Anomaly tokens: one global and four per view.
  return any === undefined ? 1 : any.anomalyTokens.length / (1 + 4 * any.layout.views.length);
}

function unionBox(boxes: readonly (readonly [number, number, number, number])[]): [number, number, number, number] {
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  return boxes.length === 0 ? [0, 0, 0, 0] : [left, top, right - left, bottom - top];
}

function definedSampling({ temperature, topP, repetitionPenalty, seed }: TurnRequest['settings']) {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
    ...(seed === undefined ? {} : { seed }),
  };
}
