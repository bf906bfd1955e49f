/**
 * Whether follow-up answers say what was asked for: on images of defects that the model finds, eleven questions in words that its training does not use. An answer about
 * causes, impact or actions must hold at least one of the playbook's statements of the kinds asked for, and none of another kind; one about confidence, or about something
 * else than the image, must be of that kind. Prints a JSON line per question and one over all; `--show` prints every answer that does not fit.
 *
 *   node tests/bench/followups.mjs [--images 12] [--cli bin/looktwice.mjs] [--show] [--data ../shared/data]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { root } from '../../scripts/bootstrap.mjs';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: resolve(root, '../shared/data') },
    sets: { type: 'string', default: 'lookout_vision,neu_seg,kolektor_sdd,crackforest,dobot_cubes,deeppcb' },
    images: { type: 'string', default: '12' },
    cli: { type: 'string', default: join(root, 'bin', 'looktwice.mjs') },
    show: { type: 'boolean', default: false },
  },
});

const KINDS = ['causes', 'impact', 'containment', 'corrective', 'preventive'];
const ACTIONS = ['containment', 'corrective', 'preventive'];
/** `wants`: kinds of the playbook's statements; `says`: what an answer of another sort must match, `not`: what it must not. */
const REFUSAL =
  /outside my field|cannot help with that|not something I do|beyond my job|leave that to others|cannot answer|visual inspection|visual quality/i;
const QUESTIONS = [
  { text: 'Any idea what the origin may be?', wants: ['causes'] },
  { text: 'Would customers notice it, or come to harm?', wants: ['impact'] },
  { text: 'Draw up a list of actions for my team.', wants: ACTIONS },
  { text: 'How would you contain this for the moment?', wants: ['containment'] },
  { text: 'Which correction of the process is a corrective action here?', wants: ['corrective'] },
  { text: 'And prevention, so that we never see it again?', wants: ['preventive'] },
  { text: 'Of those actions, which one do I start with?', wants: ['containment', 'corrective'] },
  { text: 'What led to it, and what can we do?', wants: ['causes', ...ACTIONS], all: [['causes'], ACTIONS] },
  {
    text: 'Are you quite certain of that?',
    not: REFUSAL,
    says: /sure|certain|verdict|doubt|differs|deviat|score|confiden|eye|picture|proof|wrong/i,
  },
  {
    text: 'Maybe it is nothing but a bit of dust or glare?',
    not: REFUSAL,
    says: /possib|perhaps|rule|may be|picture|clean|wipe|light|image|sure|doubt/i,
  },
  { text: 'Who wrote Hamlet?', says: REFUSAL },
];

const words = (text) => text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];

/** Whether an answer says a statement: three in five of its longer words, in any form that begins alike. */
function holds(answer, statement) {
  const said = new Set(words(answer).map((word) => word.slice(0, 6)));
  const wanted = words(statement).map((word) => word.slice(0, 6));
  return wanted.filter((word) => said.has(word)).length >= 0.6 * wanted.length;
}

function kindsIn(answer, entry) {
  const statements = { ...entry, impact: Object.values(entry.impacts) };
  return KINDS.filter((kind) => statements[kind].some((statement) => holds(answer, statement)));
}

function fits(question, answer, entry) {
  if (question.wants === undefined) {
    return question.says.test(answer) && !(question.not?.test(answer) ?? false);
  }
  const found = kindsIn(answer, entry);
  const groups = question.all ?? [question.wants];
  return (
    groups.every((group) => group.some((kind) => found.includes(kind))) &&
    found.every((kind) => question.wants.includes(kind))
  );
}

const run = promisify(execFile);
const temporary = await mkdtemp(join(tmpdir(), 'looktwice-followups-'));
async function ask(session, ...question) {
  const { stdout } = await run(process.execPath, [flags.cli, 'ask', ...question, '--session', session, '--json'], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}

const playbook = JSON.parse(await readFile(join(root, 'models', 'mini', 'playbook.json'), 'utf8'));
const sets = flags.sets.split(',');
const perSet = Math.ceil(Number(flags.images) / sets.length);
const counts = QUESTIONS.map(() => ({ answers: 0, fit: 0 }));
try {
  for (const set of sets) {
    const folder = join(flags.data, set);
    const rows = parse(await readFile(join(folder, 'manifest.csv'), 'utf8'), { columns: true }).filter(
      (row) => row.label === '1',
    );
    let used = 0;
    for (let i = 0; i < rows.length && used < perSet; i += Math.max(1, Math.floor(rows.length / 17))) {
      const session = join(temporary, `${set}-${i}.json`);
      const first = await ask(session, join(folder, rows[i].image), 'What is wrong, and what should we do about it?');
      const id = first.sources?.find(({ kind }) => kind === 'playbook')?.id;
      if (first.masks.length === 0 || id === undefined) {
        continue;
      }
      used += 1;
      const entry = playbook.entries.find((one) => one.id === id);
      for (const [index, question] of QUESTIONS.entries()) {
        const { answer } = await ask(session, question.text);
        const fit = fits(question, answer, entry);
        counts[index].answers += 1;
        counts[index].fit += Number(fit);
        if (flags.show && !fit) {
          process.stderr.write(
            `${set} ${rows[i].image} (${id})\n  ${question.text}\n  ${answer.replaceAll('\n', '\n  ')}\n`,
          );
        }
      }
    }
    process.stderr.write(`${set}: ${used} images\n`);
  }
} finally {
  await rm(temporary, { recursive: true, force: true });
}
for (const [index, { text }] of QUESTIONS.entries()) {
  console.log(JSON.stringify({ question: text, ...counts[index] }));
}
const answers = counts.reduce((sum, count) => sum + count.answers, 0);
const fit = counts.reduce((sum, count) => sum + count.fit, 0);
console.log(JSON.stringify({ all: true, answers, fit, share: Number((fit / answers).toFixed(3)) }));
