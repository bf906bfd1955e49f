import { EngineError } from '@/lib/engine/errors';
import { type Lookup, type Playbook, type Severity, canonicalType, lookupOf, materialOf } from '@/lib/knowledge';
import { type ReadMessage, readBranch } from './branch';
import type { TurnContext, TurnFinding } from './context';
import { type Advice, advise } from './finding';
import { suggestFollowups } from './followups';
import { lookAtImages } from './look';
import { noticeOf } from './notice';
import type { Perception, Pointer, Seen } from './perception';
import type { Plan, Planner } from './planner';
import { findingAt } from './point';
import { type Subject, findSubject } from './subject';
import { timingsOf } from './timings';
import type { TurnEvent, TurnRequest, TurnResult } from './types';
import type { Shown, Writer, WriterEvent } from './writer';

export type TurnOptions = { signal: AbortSignal; emit: (event: TurnEvent) => void };

/** Who looks, who writes, and what is known of defects. */
export type TurnParts<State extends Seen> = {
  perception: Perception<State>;
  writer: Writer<State>;
  playbook: Playbook;
  /** Tells what a question about an image asks for; without, its words say what is looked up. */
  planner?: Planner | undefined;
  /** Under which name the answer is stored, e.g. `looktwice-mini@0.1.0`. */
  name: string;
};

/**
 * Answers the last question of a branch: looks at its images, lets the writer write, turns what it points at into a
 * mask and hands what was measured there back to it (docs/design/model.md, "One turn").
 * @throws EngineError `cancelled`, `invalid_request` (no question, or too long), those of the images and those of the
 *   writer
 */
export async function runTurn<State extends Seen>(
  parts: TurnParts<State>,
  request: TurnRequest,
  options: TurnOptions,
): Promise<TurnResult> {
  const started = performance.now();
  const branch = readBranch<State>(request.messages);
  const last = branch.at(-1);
  if (last?.role !== 'user') {
    throw new EngineError('invalid_request', 'The conversation must end with a question.');
  }
  const states = await lookAtImages(parts.perception, branch, options);
  const subject = findSubject(branch, request.focus, (id) => states.get(id)?.score ?? 0);
  const known = subject === undefined ? undefined : states.get(subject.image.id);
  // A look at an image of this question has told its notice; what was asked of an earlier one stands on no firmer
  // ground.
  const notice =
    subject === undefined || known === undefined || last.message.images.some(({ id }) => id === subject.image.id)
      ? null
      : noticeOf(subject.image.id, known.judgement);
  if (notice !== null) {
    options.emit({ type: 'notice', ...notice });
  }
  const plan = (subject && (await parts.planner?.(last.message.text, options.signal))) ?? null;
  return new Turn(parts, request.settings, options, {
    branch,
    plan,
    states,
    subject,
    question: last.message,
    started,
  }).run();
}

type Situation<State extends Seen> = {
  branch: readonly ReadMessage<State>[];
  /** The latest look at each image, by its id. */
  states: ReadonlyMap<string, State>;
  subject: Subject | undefined;
  /** What the question asks for, where that is known. */
  plan: Plan | null;
  question: Extract<ReadMessage, { role: 'user' }>['message'];
  started: number;
};

type End = Extract<WriterEvent, { type: 'end' }>;

/** One answer in the making: what surrounds the writer's words, whoever writes. */
class Turn<State extends Seen> {
  private readonly advice: Advice[] = [];
  private readonly state: State | undefined;
  private readonly lookup: Lookup;
  private finding: TurnFinding | null = null;
  private firstTextAt: number | undefined;

  constructor(
    private readonly parts: TurnParts<State>,
    private readonly settings: TurnRequest['settings'],
    private readonly options: TurnOptions,
    private readonly situation: Situation<State>,
  ) {
    const { subject, states, question, plan } = situation;
    this.lookup = lookupOf(question.text, plan?.name ?? null);
    this.state = subject === undefined ? undefined : states.get(subject.image.id);
  }

  async run(): Promise<TurnResult> {
    const { subject, started, plan } = this.situation;
    const splice = `${plan?.cue ?? ''}${this.questionSplice()}`;
    const end = await this.write(splice);
    this.close();
    const totalMs = performance.now() - started;
    const firstTokenMs = this.firstTextAt === undefined ? undefined : this.firstTextAt - started;
    const { prefillMs, tokens, usage, pieces, transcript, finishReason } = end;
    const timings = timingsOf(this.state, { prefillMs, firstTokenMs, totalMs, tokens }, usage);
    this.options.emit({ type: 'timings', timings });
    const context: TurnContext = {
      transcript,
      questionSplice: splice,
      pieces,
      judged: subject?.isFirstLook === true ? [subject.image.id] : [],
      finding: this.finding,
    };
    return { context, finishReason, bundle: this.parts.name };
  }

  /** Lets the writer write, and passes on what it gives out. */
  private async write(splice: string): Promise<End> {
    const { emit, signal } = this.options;
    const { branch, states, subject, question } = this.situation;
    const evidence = { subject, state: this.state, question, splice, point: this.point.bind(this) };
    const onProgress = (done: number, total: number) => emit({ type: 'status', stage: 'prefill', done, total });
    const writing = { settings: this.settings, signal, onProgress };
    let end: End | undefined;
    for await (const event of this.parts.writer.write(branch, states, evidence, writing)) {
      if (event.type === 'end') {
        end = event;
        continue;
      }
      if (event.type === 'text') {
        this.firstTextAt ??= performance.now();
      }
      emit(event);
    }
    if (end === undefined) {
      throw new Error('The writer ended without saying so.');
    }
    return end;
  }

  /**
   * Draws the mask at a pointer, tells of it, and returns the evidence (and, on a first look, the advice) for the
   * writer.
   */
  private async point(pointer: Pointer, name?: string): Promise<Shown | undefined> {
    const { parts, options, state } = this;
    const { subject } = this.situation;
    if (subject === undefined || state === undefined) {
      throw new Error('Something was pointed at in a conversation without images.');
    }
    const marked = await parts.perception.segment(subject.image, state, pointer);
    const pointing = findingAt(parts.playbook, subject.image.id, marked, { words: this.asked().join(' '), name });
    pointing?.events.forEach(options.emit);
    this.finding = pointing?.finding ?? null;
    if (pointing === undefined) {
      return undefined;
    }
    const { finding, measure } = pointing;
    const advice = subject.isFirstLook ? this.retrieve(finding, finding.severity) : '';
    return { evidence: ` ${finding.evidence}${advice}`, measure };
  }

  /** What the playbook has for a question about a finding that is known, or about a defect that the question names. */
  private questionSplice(): string {
    const { subject, question } = this.situation;
    if (subject?.isFirstLook === true) {
      return '';
    }
    if (subject?.known) {
      return this.retrieve(subject.known, subject.known.severity);
    }
    const { playbook } = this.parts;
    const type = canonicalType(playbook, question.text);
    // With an image, a verdict of "no" has been given: nothing was found that an entry could be about.
    return subject !== undefined || type === 'unknown'
      ? ''
      : this.retrieve({ type, material: materialOf(playbook, question.text) }, 'moderate');
  }

  private retrieve({ type, material }: Pick<TurnFinding, 'type' | 'material'>, severity: Severity): string {
    const query = { defect: type, material, text: this.situation.question.text };
    const { playbook } = this.parts;
    if (playbook.entries.length === 0 || this.lookup.topics.length === 0) {
      return '';
    }
    const advice = advise(playbook, query, this.lookup, severity);
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
