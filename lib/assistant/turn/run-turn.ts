import type { InspectionState } from '@/lib/anomaly/state';
import { EngineError } from '@/lib/engine/errors';
import { type Severity, type Topic, canonicalType, materialOf, topicsOf } from '@/lib/knowledge';
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
import { type AnswerPiece, type TurnContext, type TurnFinding, transcriptOf } from './context';
import { type ReadMessage, buildPrompt, readBranch } from './conversation';
import { type Advice, advise } from './finding';
import { FindingGuard } from './finding-guard';
import { suggestFollowups } from './followups';
import { lookAtImages } from './look';
import type { TurnModels } from './models';
import { noticeOf } from './notice';
import { type Pointing, pointAt } from './point';
import { isReassurance } from './reassurance';
import { samplingOf } from './sampling';
import { SpokenText } from './spoken-text';
import { StatementGuard } from './statement-guard';
import { type Subject, findSubject } from './subject';
import { verdictOf } from './suspicion';
import type { TurnEvent, TurnRequest, TurnResult } from './types';
import { timingsOf } from './timings';
import { VerdictGuard } from './verdict';

const MAX_TOKENS = 220;
/** Positions kept free for what is spliced into an answer: evidence, and a playbook entry under two topics. */
const SPLICE_TOKENS = 290;

export type TurnOptions = { signal: AbortSignal; emit: (event: TurnEvent) => void };

/**
 * Answers the last question of a branch: looks at its images, reads the prompt, lets the model speak, turns each `<seg>` into a
 * mask and hands what was measured on it back to the model (docs/design/model.md, "One turn").
 * @throws EngineError `cancelled`, `invalid_request` (no question, or too long), and those of the images
 */
export async function runTurn(models: TurnModels, request: TurnRequest, options: TurnOptions): Promise<TurnResult> {
  const started = performance.now();
  const branch = readBranch(request.messages);
  const last = branch.at(-1);
  if (last?.role !== 'user') {
    throw new EngineError('invalid_request', 'The conversation must end with a question.');
  }
  const states = await lookAtImages(models, branch, options);
  const subject = findSubject(branch, request.focus, (id) => states.get(id)?.score ?? 0);
  const known = subject === undefined ? undefined : states.get(subject.image.id);
  // A look at an image of this question has told its notice; what was asked of an earlier one stands on no firmer ground.
  const notice =
    subject === undefined || known === undefined || last.message.images.some(({ id }) => id === subject.image.id)
      ? null
      : noticeOf(subject.image.id, known.judgement);
  if (notice !== null) {
    options.emit({ type: 'notice', ...notice });
  }
  return new Turn(models, request.settings, options, {
    branch,
    states,
    subject,
    question: last.message,
    started,
  }).run();
}

type Situation = {
  branch: readonly ReadMessage[];
  /** The latest look at each image, by its id. */
  states: ReadonlyMap<string, InspectionState>;
  subject: Subject | undefined;
  question: Extract<ReadMessage, { role: 'user' }>['message'];
  started: number;
};

type Spoken = { generation: Speech; finishReason: TurnResult['finishReason']; firstTokenMs: number | undefined };

/** One answer in the making. */
class Turn {
  private readonly pieces: AnswerPiece[] = [];
  private readonly advice: Advice[] = [];
  private readonly state: InspectionState | undefined;
  private readonly statements: StatementGuard;
  private readonly standing: FindingGuard;
  private finding: TurnFinding | null = null;

  constructor(
    private readonly models: TurnModels,
    private readonly settings: TurnRequest['settings'],
    private readonly options: TurnOptions,
    private readonly situation: Situation,
  ) {
    const { subject, states, question } = situation;
    this.state = subject === undefined ? undefined : states.get(subject.image.id);
    const { tokenizer } = models.language;
    this.statements = new StatementGuard(tokenizer);
    const isKnown = subject?.isFirstLook === false && subject.known !== null;
    this.standing = new FindingGuard(tokenizer, isKnown, question.text);
  }

  async run(): Promise<TurnResult> {
    const { models, options } = this;
    const { subject } = this.situation;
    const questionSplice = this.questionSplice();
    const prompt = this.prompt(questionSplice);
    const progress = (done: number, total: number) => options.emit({ type: 'status', stage: 'prefill', done, total });
    progress(0, prompt.length);
    const reading = performance.now();
    const decoding = await models.language.start(prompt, { signal: options.signal, onProgress: progress });
    const prefillMs = performance.now() - reading;
    try {
      options.emit({ type: 'status', stage: 'writing' });
      const spoken = await this.speak(decoding);
      this.close();
      const totalMs = performance.now() - this.situation.started;
      const { generation, firstTokenMs } = spoken;
      const times = { prefillMs, firstTokenMs, totalMs, tokens: generation.tokens };
      options.emit({ type: 'timings', timings: timingsOf(this.state, times, decoding.usage) });
      const context: TurnContext = {
        transcript: transcriptOf(this.pieces, models.language.tokenizer),
        questionSplice,
        pieces: this.pieces,
        judged: subject?.isFirstLook === true ? [subject.image.id] : [],
        finding: this.finding,
      };
      return { context, finishReason: spoken.finishReason, bundle: models.bundle };
    } finally {
      decoding.dispose();
    }
  }

  private get maxTokens(): number {
    return this.settings.maxTokens ?? MAX_TOKENS;
  }

  private prompt(splice: string): PositionSource[] {
    const { language, system, width, doubts } = this.models;
    const messages = buildPrompt(this.situation.branch, { system, width, splice, doubts });
    const budget = promptBudget(language.context, this.maxTokens + SPLICE_TOKENS);
    const { positions } = trimToBudget(messages, budget, language.tokenizer);
    return [...positions, ...encodeAnswerStart(language.tokenizer)];
  }

  /** Lets the model speak to its end; points where it says `<seg>` or where the verdict demands it. */
  private async speak(decoding: Continuation): Promise<Spoken> {
    const { models, options, state } = this;
    const { segToken } = models;
    const { tokenizer } = models.language;
    const isJudged = state !== undefined && this.situation.subject?.isFirstLook === true;
    const verdict = isJudged ? verdictOf(state, models.doubts) : undefined;
    const guard = new VerdictGuard(verdict, segToken, tokenizer, state === undefined ? 0 : 1);
    const { signal } = options;
    const allowedControls = segToken === undefined ? [] : [segToken];
    const settings = { sampling: samplingOf(this.settings), maxTokens: this.maxTokens, allowedControls, signal };
    // A model that can say <seg> takes what was measured into its sequence; beside any other the mask is shown, and no more.
    const own =
      segToken !== undefined && decoding instanceof Decoding
        ? { segToken, decoding, generation: decoding.speak(settings) }
        : undefined;
    const generation: Speech = own?.generation ?? decoding.speak(settings);
    // Beside a coin toss nobody is told that nothing needs doing (docs/decisions/verdicts.md).
    const isUnwanted = state?.judgement.verdict === 'unsure' ? isReassurance : undefined;
    const stops = new StopSequences(this.settings.stop ?? []);
    const said = new SpokenText((delta) => options.emit({ type: 'text', delta }), isUnwanted);
    const keep = (tokens: number[]) => {
      if (tokens.length > 0) {
        this.pieces.push({ tokens });
      }
    };
    const point = async () => {
      guard.seg();
      keep(said.cut());
      if (own === undefined) {
        await this.show(new Float32Array(0));
        return;
      }
      this.pieces.push({ tokens: [own.segToken] });
      const spliced = await this.point(own.decoding.hidden());
      this.pieces.push({ spliced });
      await own.decoding.splice([{ kind: 'text', text: spliced }], options.signal);
    };
    const putIn = async () => {
      if (own !== undefined) {
        await own.generation.catchUp();
        await own.decoding.accept(own.segToken);
      }
      await point();
    };

    const ended = (finishReason: Spoken['finishReason']): Spoken => {
      keep(said.end());
      const firstTokenMs = said.firstAt === undefined ? undefined : said.firstAt - this.situation.started;
      return { generation, finishReason, firstTokenMs };
    };
    for (;;) {
      if (guard.mustPoint()) {
        await putIn();
      }
      const before = generation.spoken.length;
      // An answer has at least a word.
      const empty = before === 0 ? [tokenizer.controls.imEnd] : [];
      const step = await generation.next([
        ...empty,
        ...guard.banned(),
        ...this.statements.banned(),
        ...this.standing.banned(),
      ]);
      const tokens = generation.spoken.slice(before).filter((id) => id !== segToken);
      if (step.kind === 'text') {
        guard.text(step.text);
        this.statements.text(step.text);
        this.standing.text(step.text);
        if (!said.take(tokens, step.text) || stops.push(step.text).stopped) {
          return ended('stop');
        }
        continue;
      }
      said.silent(tokens);
      if (step.kind === 'control') {
        await point();
        continue;
      }
      if (guard.owesMask()) {
        await putIn();
      }
      return ended(step.reason === 'length' ? 'length' : 'stop');
    }
  }

  /** Turns H_seg into the mask, tells of it, and returns the evidence (and, on a first look, the advice) for the model. */
  private async point(prompt: Float32Array): Promise<string> {
    const { subject, question } = this.situation;
    const pointing = await this.show(prompt);
    const topics = subject?.isFirstLook === true ? topicsOf(question.text) : [];
    if (pointing === undefined) {
      return '';
    }
    const { finding, measure } = pointing;
    this.statements.measured(measure);
    return ` ${finding.evidence}${this.retrieve(finding, topics, finding.severity)}`;
  }

  /** Draws the mask at a hidden state and tells of it; undefined when there is nothing to mark. */
  private async show(prompt: Float32Array): Promise<Pointing | undefined> {
    const { models, options, state } = this;
    const { subject } = this.situation;
    if (subject === undefined || state === undefined) {
      throw new Error('<seg> was said in a conversation without images.');
    }
    const pointing = await pointAt(models, subject.image, state, prompt, this.asked().join(' '));
    pointing?.events.forEach(options.emit);
    this.finding = pointing?.finding ?? null;
    return pointing;
  }

  /** What the playbook has for a question about a finding that is known, or about a defect that the question names. */
  private questionSplice(): string {
    const { subject, question } = this.situation;
    const topics = topicsOf(question.text);
    if (topics.length === 0 || subject?.isFirstLook === true) {
      return '';
    }
    if (subject?.known) {
      return this.retrieve(subject.known, topics, subject.known.severity);
    }
    const { playbook } = this.models;
    const type = canonicalType(playbook, question.text);
    // With an image, a verdict of "no" has been given: nothing was found that an entry could be about.
    return subject !== undefined || type === 'unknown'
      ? ''
      : this.retrieve({ type, material: materialOf(playbook, question.text) }, topics, 'moderate');
  }

  private retrieve(
    { type, material }: Pick<TurnFinding, 'type' | 'material'>,
    topics: readonly Topic[],
    severity: Severity,
  ): string {
    const query = { defect: type, material, text: this.situation.question.text };
    const { playbook } = this.models;
    if (playbook.entries.length === 0 || topics.length === 0) {
      return '';
    }
    const advice = advise(playbook, query, topics, severity);
    this.advice.push(advice);
    return advice.splice;
  }

  /** Every question so far, this one included. */
  private asked(): string[] {
    return this.situation.branch.flatMap((read) => (read.role === 'user' ? [read.message.text] : []));
  }

  /** Sources, checklists and follow-ups at the end of the answer. */
  private close(): void {
    const { emit } = this.options;
    const { branch, subject, question } = this.situation;
    const compared = question.images.length > 0 ? question.references : [];
    const sources = [
      ...this.advice.map(({ source }) => source),
      ...compared.map(({ id, name }) => ({ kind: 'image' as const, id, title: name })),
    ];
    if (sources.length > 0) {
      emit({ type: 'sources', sources });
    }
    for (const checklist of this.advice.flatMap(({ checklists }) => checklists)) {
      emit({ type: 'checklist', ...checklist });
    }
    const found = this.finding ?? (subject?.isFirstLook === true ? null : (subject?.known ?? null));
    const followups = suggestFollowups({
      image: subject !== undefined,
      defect: found?.type ?? null,
      asked: this.asked(),
      references: branch.some((read) => read.role === 'user' && read.message.references.length > 0),
      unsure: this.state?.judgement.verdict === 'unsure',
    });
    if (followups.length > 0) {
      emit({ type: 'followups', followups });
    }
  }
}
