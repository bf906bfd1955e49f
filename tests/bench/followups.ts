/**
 * Whether follow-up answers say what was asked for: 200 questions of 25 intents (followups.json), in words that
 * training does not use, on images of defects. Every image is asked a share of the questions, each as its own branch
 * after a first answer. An answer fits if it holds what its intent wants: statements of the playbook's kinds (and of no
 * other kind), facts of the mask, or words of its sort. Besides, over all answers: statements that agree with the mask,
 * denied findings, and sentences said twice in an answer.
 *   node --import tsx tests/bench/followups.ts [--images 12] [--of 4] [--bundle models/mini] [--show] [--data
 * ../shared/data] [--sets a,b] [--out RESULTS.json] `--of 4`: an image is asked every fourth question, another fourth
 * than the image before.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { closeModels, loadModels } from '@/lib/engine/worker/models';
import { turnModels } from '@/lib/engine/worker/turn-models';
import type { PlaybookEntry } from '@/lib/knowledge';
import { measureMask } from '@/lib/segmentation/describe';
import { decodeRle } from '@/lib/segmentation/rle';
import { checkStatements } from '@/lib/segmentation/statements';
import { runLocalTurn } from '@/lib/turn/local/run-local-turn';
import type { TurnModels } from '@/lib/turn/local/models';
import type { TurnEvent, TurnMessage } from '@/lib/turn/types';

const root = join(__dirname, '../..');
const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: resolve(root, '../shared/data') },
    sets: { type: 'string', default: 'lookout_vision,neu_seg,kolektor_sdd,crackforest,dobot_cubes,deeppcb' },
    images: { type: 'string', default: '12' },
    of: { type: 'string', default: '4' },
    bundle: { type: 'string', default: join(root, 'models/mini') },
    out: { type: 'string' },
    show: { type: 'boolean', default: false },
  },
});

type Fact = 'place' | 'extent' | 'number' | 'kind' | 'report';
type Intent = {
  intent: string;
  questions: string[];
  /**
   * Kinds of the playbook's statements: at least one, and none of another kind; of each group of `all` at least one.
   */
  wants?: string[];
  all?: string[][];
  fact?: Fact;
  /** What an answer of another sort must match, and must not. */
  says?: string;
  not?: string;
};

const KINDS = ['causes', 'impact', 'containment', 'corrective', 'preventive'] as const;
const DENIAL =
  /\bno (?:\w+ )?(?:anomal\w+|defects?|irregularit\w+|flaws?|deviations?)\b|\blooks? (?:normal|fine)\b|\bnothing (?:abnormal|stands out|deviates)\b/i;
const ELSEWHERE = /\b(?:rest|other|else|remaining|remainder|besides|more|second)\b/i;

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];

/** Whether an answer says a statement: three in five of its longer words, in any form that begins alike. */
function holds(answer: string, statement: string): boolean {
  const said = new Set(wordsOf(answer).map((word) => word.slice(0, 6)));
  const wanted = wordsOf(statement).map((word) => word.slice(0, 6));
  return wanted.filter((word) => said.has(word)).length >= 0.6 * wanted.length;
}

function kindsIn(answer: string, entry: PlaybookEntry): string[] {
  const statements = { ...entry, impact: Object.values(entry.impacts) };
  return KINDS.filter((kind) => statements[kind].some((statement) => holds(answer, statement)));
}

type First = { message: TurnMessage; entry: PlaybookEntry; types: string[]; measure: ReturnType<typeof measureMask> };

function saysFact(fact: Fact, answer: string, { measure, types }: First): boolean {
  const found = new Set(checkStatements(answer, measure).map(({ kind }) => kind));
  switch (fact) {
    case 'place':
      return found.has('place');
    case 'extent':
      return found.has('extent') || found.has('size');
    case 'number':
      return found.has('number');
    case 'kind':
      return (
        types.some((type) => answer.toLowerCase().includes(type)) ||
        /cannot (?:name|tell|say)|not clear|does not match a defect type/i.test(answer)
      );
    case 'report':
      return (answer.match(/^- /gm) ?? []).length >= 2 && (found.has('place') || found.has('extent'));
  }
}

function fits(intent: Intent, answer: string, first: First): boolean {
  if (intent.fact !== undefined) {
    return saysFact(intent.fact, answer, first);
  }
  const { wants } = intent;
  if (wants === undefined) {
    const isUnwanted = intent.not !== undefined && new RegExp(intent.not, 'i').test(answer);
    return new RegExp(intent.says ?? '', 'i').test(answer) && !isUnwanted;
  }
  const found = kindsIn(answer, first.entry);
  const groups = intent.all ?? [wants];
  return (
    groups.every((group) => group.some((kind) => found.includes(kind))) && found.every((kind) => wants.includes(kind))
  );
}

async function ask(models: TurnModels, messages: TurnMessage[]) {
  const events: TurnEvent[] = [];
  const options = { signal: new AbortController().signal, emit: (event: TurnEvent) => events.push(event) };
  const { context } = await runLocalTurn(models, { messages, focus: null, settings: { temperature: 0 } }, options);
  const text = events
    .flatMap((event) => (event.type === 'text' ? event.delta : []))
    .join('')
    .trim();
  return { text, events, message: { role: 'assistant', text, context } as const };
}

/** The first answer about an image; null where no mask was shown, so that there is nothing to ask about. */
async function askFirst(models: TurnModels, question: TurnMessage): Promise<First | null> {
  const { events, message } = await ask(models, [question]);
  const mask = events.find((event) => event.type === 'mask');
  const sources = events.flatMap((event) => (event.type === 'sources' ? event.sources : []));
  const entry = models.playbook.entries.find(({ id }) =>
    sources.some((source) => source.kind === 'playbook' && source.id === id),
  );
  if (mask === undefined || entry === undefined) {
    return null;
  }
  const items = events.flatMap((event) => (event.type === 'findings' ? event.items : []));
  return { message, entry, types: items.map(({ type }) => type), measure: measureMask(decodeRle(mask.rle)) };
}

async function main(): Promise<void> {
  const intents = JSON.parse(await readFile(join(__dirname, 'followups.json'), 'utf8')) as Intent[];
  const loaded = await loadModels(resolve(flags.bundle));
  const models = await turnModels(loaded);
  const questions = intents.flatMap((intent) => intent.questions.map((text) => ({ intent, text })));
  const counts = new Map(intents.map(({ intent }) => [intent, { answers: 0, fit: 0 }]));
  const over = { answers: 0, fit: 0, statements: 0, agree: 0, denied: 0, repeated: 0 };
  const sets = flags.sets.split(',');
  const perSet = Math.ceil(Number(flags.images) / sets.length);
  let asked = 0;
  for (const set of sets) {
    const folder = join(flags.data, set);
    const rows: Record<string, string>[] = parse(await readFile(join(folder, 'manifest.csv'), 'utf8'), {
      columns: true,
    });
    const bad = rows.filter(({ label }) => label === '1');
    let used = 0;
    for (let at = 0; at < bad.length && used < perSet; at += Math.max(1, Math.floor(bad.length / 17))) {
      const path = join(folder, bad[at]?.image ?? '');
      const image = { id: path, name: 'image', source: { path } };
      const question: TurnMessage = {
        role: 'user',
        text: 'What is wrong, and what should we do about it?',
        images: [image],
        references: [],
      };
      const first = await askFirst(models, question);
      if (first === null) {
        continue;
      }
      used += 1;
      asked += 1;
      for (const [index, { intent, text }] of questions.entries()) {
        if (index % Number(flags.of) !== asked % Number(flags.of)) {
          continue;
        }
        const answer = await ask(models, [question, first.message, { role: 'user', text, images: [], references: [] }]);
        const isFit = fits(intent, answer.text, first);
        const statements = checkStatements(answer.text, first.measure);
        const isDenied = DENIAL.test(answer.text) && !ELSEWHERE.test(`${text} ${answer.text}`);
        const sentences = answer.text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => sentence.length > 12);
        const count = counts.get(intent.intent);
        if (count !== undefined) {
          count.answers += 1;
          count.fit += Number(isFit);
        }
        over.answers += 1;
        over.fit += Number(isFit);
        over.statements += statements.length;
        over.agree += statements.filter(({ agrees }) => agrees).length;
        over.denied += Number(isDenied);
        over.repeated += Number(new Set(sentences).size < sentences.length);
        if (flags.show && (!isFit || isDenied || statements.some(({ agrees }) => !agrees))) {
          process.stderr.write(
            `${path} [${intent.intent}]${isFit ? '' : ' does not fit'}${isDenied ? ' denies' : ''}\n  ${text}\n  ${answer.text.replaceAll('\n', '\n  ')}\n`,
          );
        }
      }
      process.stderr.write(`${set}: ${used} of ${perSet} images\n`);
    }
  }
  await closeModels(loaded);
  const share = Number((over.fit / over.answers).toFixed(3));
  const result = { bundle: loaded.bundle.name, images: asked, ...over, share, intents: Object.fromEntries(counts) };
  console.log(JSON.stringify(result, undefined, 1));
  if (flags.out !== undefined) {
    await writeFile(flags.out, `${JSON.stringify(result, undefined, 1)}\n`);
  }
}

void main();
