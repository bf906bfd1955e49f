import type { InspectionState } from '@/lib/anomaly/state';
import {
  type Continuation,
  Decoding,
  type PositionSource,
  type Speech,
  encodeAnswerStart,
  promptBudget,
  trimToBudget,
} from '@/lib/language';
import { StopSequences } from '@/lib/language/stop-sequences';
import type { ReadMessage } from '../branch';
import type { AnswerPiece } from '../context';
import { isReassurance } from '../reassurance';
import { verdictOf } from '../suspicion';
import type { Evidence, WriteOptions, Writer, WriterEvent } from '../writer';
import { NotEmpty, TokenConstraints } from './constraints';
import { FindingGuard } from './finding-guard';
import type { TurnModels } from './models';
import { buildPrompt, transcriptOf } from './prompt';
import { samplingOf } from './sampling';
import { SpokenText } from './spoken-text';
import { StatementGuard } from './statement-guard';
import { VerdictGuard } from './verdict-guard';

const MAX_TOKENS = 220;
/** How often an answer of which nothing may be said is begun in another way. */
const MAX_BEGINNINGS = 3;
/** Positions kept free for what is spliced into an answer: evidence, and a playbook entry under two topics. */
const SPLICE_TOKENS = 290;

type WriterModels = Pick<TurnModels, 'language' | 'system' | 'width' | 'doubts' | 'segToken'>;
type Messages = readonly ReadMessage<InspectionState>[];

/**
 * The language model of the bundle: it reads image and anomaly tokens, points with `<seg>`, gets what was measured
 * there spliced into its context, and is held to the evidence token by token.
 * @param underWay answers that the asker has under way
 */
export function localWriter(models: WriterModels, underWay?: number): Writer<InspectionState> {
  return {
    async *write(messages, _images, evidence, options) {
      const prompt = buildPositions(models, messages, evidence.splice, options);
      options.onProgress(0, prompt.length);
      const reading = performance.now();
      const { signal, onProgress } = options;
      let decoding = await models.language.start(prompt, { signal, onProgress, underWay });
      const prefillMs = performance.now() - reading;
      const beginnings: number[] = [];
      try {
        yield { type: 'status', stage: 'writing' };
        for (;;) {
          const speaking = new Speaking(models, evidence, options, decoding, prefillMs, beginnings);
          const keptBack = yield* speaking.run();
          if (keptBack === null) {
            return;
          }
          beginnings.push(keptBack);
          decoding.dispose();
          decoding = await models.language.start(prompt, { signal, underWay });
        }
      } finally {
        decoding.dispose();
      }
    },
  };
}

const maxTokensOf = ({ settings }: WriteOptions) => settings.maxTokens ?? MAX_TOKENS;

function buildPositions(
  { language, system, width, doubts }: WriterModels,
  branch: Messages,
  splice: string,
  options: WriteOptions,
): PositionSource[] {
  const messages = buildPrompt(branch, { system, width, splice, doubts });
  const budget = promptBudget(language.context, maxTokensOf(options) + SPLICE_TOKENS);
  const { positions } = trimToBudget(messages, budget, language.tokenizer);
  return [...positions, ...encodeAnswerStart(language.tokenizer)];
}

type Own = { segToken: number; decoding: Decoding; generation: ReturnType<Decoding['speak']> };

/**
 * One answer while it is said: lets the model speak to its end, and points where it says `<seg>` or where the verdict
 * demands it.
 */
class Speaking {
  private readonly pieces: AnswerPiece[] = [];
  private readonly speech: Speech;
  /**
   * Set for a model that can say `<seg>`: it takes what was measured into its sequence; beside any other the mask is
   * shown, and no more.
   */
  private readonly own: Own | undefined;
  private readonly verdict: VerdictGuard;
  private readonly constraints: TokenConstraints;
  private readonly stops: StopSequences;
  private readonly said: SpokenText;
  /** Something was shown or pointed at, or ended where the caller wants it to end. */
  private hasSpoken = false;
  /** Text that is shown but not given out yet. */
  private readonly shown: string[] = [];

  constructor(
    private readonly models: WriterModels,
    private readonly evidence: Evidence<InspectionState>,
    private readonly options: WriteOptions,
    private readonly decoding: Continuation,
    private readonly prefillMs: number,
    /** First tokens of answers to this question that were kept back whole. */
    private readonly beginnings: readonly number[],
  ) {
    const { segToken, language } = models;
    const { tokenizer } = language;
    const { state, subject, question } = evidence;
    const { settings, signal } = options;
    const allowedControls = segToken === undefined ? [] : [segToken];
    const generating = { sampling: samplingOf(settings), maxTokens: maxTokensOf(options), allowedControls, signal };
    this.own =
      segToken !== undefined && decoding instanceof Decoding
        ? { segToken, decoding, generation: decoding.speak(generating) }
        : undefined;
    this.speech = this.own?.generation ?? decoding.speak(generating);
    const isJudged = state !== undefined && subject?.isFirstLook === true;
    const verdict = isJudged ? verdictOf(state, models.doubts) : undefined;
    this.verdict = new VerdictGuard(verdict, segToken, tokenizer, state === undefined ? 0 : 1);
    const isKnown = subject?.isFirstLook === false && subject.known !== null;
    this.constraints = new TokenConstraints([
      new NotEmpty([tokenizer.controls.imEnd, ...beginnings], this.speech.spoken),
      this.verdict,
      new StatementGuard(tokenizer),
      new FindingGuard(tokenizer, isKnown, question.text),
    ]);
    this.stops = new StopSequences(settings.stop ?? []);
    // Beside a coin toss nobody is told that nothing needs doing (docs/decisions/verdicts.md).
    const isUnwanted = state?.judgement.verdict === 'unsure' ? isReassurance : undefined;
    this.said = new SpokenText((delta) => this.shown.push(delta), isUnwanted);
  }

  /**
   * Speaks to the end; or, where the first sentence must not be said and nothing was, returns the token that it began
   * with.
   */
  async *run(): AsyncGenerator<WriterEvent, number | null> {
    const { speech, constraints, said } = this;
    for (;;) {
      if (this.verdict.mustPoint()) {
        yield* this.putIn();
      }
      const before = speech.spoken.length;
      const step = await speech.next(constraints.banned());
      const tokens = speech.spoken.slice(before).filter((id) => id !== this.models.segToken);
      if (step.kind === 'text') {
        constraints.text(step.text);
        const isKeptBack = !said.take(tokens, step.text);
        yield* this.giveOut();
        if (isKeptBack) {
          return yield* this.end('stop');
        }
        if (this.stops.push(step.text).stopped) {
          this.hasSpoken = true;
          return yield* this.end('stop');
        }
        continue;
      }
      said.silent(tokens);
      if (step.kind === 'control') {
        yield* this.point();
        continue;
      }
      if (this.verdict.owesMask()) {
        yield* this.putIn();
      }
      return yield* this.end(step.reason === 'length' ? 'length' : 'stop');
    }
  }

  private *giveOut(): Generator<WriterEvent, void> {
    this.hasSpoken ||= this.shown.length > 0;
    for (const delta of this.shown.splice(0)) {
      yield { type: 'text', delta };
    }
  }

  private keep(tokens: number[]): void {
    if (tokens.length > 0) {
      this.pieces.push({ tokens });
    }
  }

  /** Puts `<seg>` where the model did not say it and should have. */
  private async *putIn(): AsyncGenerator<WriterEvent, void> {
    if (this.own !== undefined) {
      await this.own.generation.catchUp();
      await this.own.decoding.accept(this.own.segToken);
    }
    yield* this.point();
  }

  /** Shows what H_seg means, and hands what was measured there back to the model. */
  private async *point(): AsyncGenerator<WriterEvent, void> {
    const { own, evidence, options } = this;
    this.hasSpoken = true;
    this.constraints.seg();
    this.keep(this.said.cut());
    yield* this.giveOut();
    if (own === undefined) {
      await evidence.point({ hidden: new Float32Array(0) });
      return;
    }
    this.pieces.push({ tokens: [own.segToken] });
    const shown = await evidence.point({ hidden: own.decoding.hidden() });
    const spliced = shown?.evidence ?? '';
    if (shown !== undefined) {
      this.constraints.measured(shown.measure);
    }
    this.pieces.push({ spliced });
    await own.decoding.splice([{ kind: 'text', text: spliced }], options.signal);
  }

  private *end(finishReason: 'stop' | 'length'): Generator<WriterEvent, number | null> {
    this.keep(this.said.end());
    yield* this.giveOut();
    const [beginning] = this.speech.spoken;
    if (!this.hasSpoken && beginning !== undefined && this.beginnings.length < MAX_BEGINNINGS) {
      return beginning;
    }
    const { pieces, decoding, speech, prefillMs } = this;
    const transcript = transcriptOf(pieces, this.models.language.tokenizer);
    yield { type: 'end', finishReason, pieces, transcript, usage: decoding.usage, tokens: speech.tokens, prefillMs };
    return null;
  }
}
