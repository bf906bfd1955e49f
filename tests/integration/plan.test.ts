import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openBundle } from '@/lib/engine/bundle';
import { defaultBundleDirectory } from '@/lib/common/paths';
import { openLanguage, type LanguageEngine } from '@/lib/language';
import { openPlanner } from '@/lib/turn/local/plan-head';
import type { Planner } from '@/lib/turn/planner';

/** The bundle's head over the first layers' states against the same in Python (stages/plan.py). */
const reference = z
  .array(z.tuple([z.string(), z.string(), z.number()]))
  .min(40)
  .parse(JSON.parse(readFileSync(join(__dirname, '../fixtures/plan.json'), 'utf8')));
let language: LanguageEngine;
let planner: Planner;
const { signal } = new AbortController();

beforeAll(async () => {
  const bundle = await openBundle(defaultBundleDirectory());
  language = await openLanguage(bundle);
  const opened = await openPlanner(bundle, language);
  if (opened === undefined) {
    throw new Error('The bundle has no planner.');
  }
  planner = opened;
});
afterAll(() => language.close());

test('it tells of clear questions what they ask for, as the reference does', async () => {
  const clear = reference.filter(([, , probability]) => probability > 0.8);
  expect(clear.length).toBeGreaterThan(20);
  const told: (string | undefined)[] = [];
  for (const [question] of clear) {
    told.push((await planner(question, signal))?.name);
  }
  const same = told.filter((name, index) => name === clear[index]?.[1]);
  expect(same.length / clear.length).toBeGreaterThanOrEqual(0.95);
});

test('what it tells is put as the model was trained to read it', async () => {
  expect(await planner('Where is it?', signal)).toEqual({
    name: 'place',
    cue: ' Where is the defect? [asked: place]',
  });
  // A question with particulars of its own is not said again.
  expect(await planner('Translate it into French, please.', signal)).toEqual({
    name: 'language',
    cue: ' [asked: language]',
  });
});

test('a question that goes on and on is read no further than where it begins', async () => {
  const long = `Where is it? ${'The line has been running since six. '.repeat(2_000)}`;
  await expect(planner(long, signal)).resolves.toBeDefined();
  await expect(planner('', signal)).resolves.toBeDefined();
});

test('it stops when it is asked to', async () => {
  await expect(planner('Where is it?', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
