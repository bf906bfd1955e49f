import { type Command, Option } from 'commander';
import type { DraftField, DraftScope } from '@/lib/datasets/contract';
import { draftFields, draftFieldSchema, draftScopes } from '@/lib/datasets/contract';
import { storedEngine } from '@/lib/engines/config';
import { getEngine } from '@/lib/engine/worker/client';
import { findSet, type Json, print } from '../dataset-output';
import { interruptSignal } from '../engine';
import { withOwner } from '../local-owner';
import { ProgressLine } from '../progress';
import { UsageError } from '../usage-error';

type DraftFlags = Json & { engine?: string; fields: DraftField[]; items: DraftScope };

function readFields(value: string): DraftField[] {
  return value.split(',').map((name) => {
    const parsed = draftFieldSchema.safeParse(name.trim());
    if (!parsed.success) {
      throw new UsageError(`--fields: "${name.trim()}" is none of ${draftFields.join(', ')}.`);
    }
    return parsed.data;
  });
}

/** `looktwice dataset draft`: texts for all items of a set that lack some, to be reviewed in the workbench. */
export function registerDraft(dataset: Command): void {
  dataset
    .command('draft')
    .description(
      'draft description, impact and suggestion of all items that lack them, for review; the same command again goes on where it stopped',
    )
    .argument('<set>', 'name or id')
    .option('--engine <NAME>', 'who writes (looktwice engines list); its machine gets the pictures')
    .option('--fields <LIST>', 'which texts, with commas', readFields, [...draftFields])
    .addOption(new Option('--items <which>', 'which items').choices(draftScopes).default('labelled'))
    .option('--json', 'print JSON')
    .action(draft);
}

async function draft(nameOrId: string, flags: DraftFlags): Promise<void> {
  await withOwner(async (owner) => {
    const { findDraftJobIn, getDraftJob } = await import('@/lib/database/draft-jobs');
    const { newDraftJob } = await import('@/lib/datasets/drafts/start');
    const { runDrafts } = await import('@/lib/datasets/drafts/run');
    const set = await findSet(owner, nameOrId);
    const engine = flags.engine ?? null;
    const unfinished = await findDraftJobIn(set.id, ['waiting', 'running', 'paused', 'failed'], 'cli');
    const wanted = { engine, fields: flags.fields, scope: flags.items };
    const isSame =
      unfinished?.engine === storedEngine(engine) &&
      unfinished.scope === wanted.scope &&
      JSON.stringify(unfinished.fields) === JSON.stringify(wanted.fields);
    if (unfinished !== null && !isSame && unfinished.state !== 'failed') {
      throw new UsageError(
        `${set.name}: another draft was stopped half-way (${unfinished.label}). Give its command again to end it first.`,
      );
    }
    const job =
      unfinished !== null && isSame
        ? unfinished
        : // Who names an engine lets it be asked, as with `ask`.
          await newDraftJob(owner, set.id, { ...wanted, allowEngine: engine !== null, runner: 'cli' }, {});
    const progress = new ProgressLine(process.stderr, set.name);
    await runDrafts(job.id, {
      engine: getEngine(),
      signal: interruptSignal(),
      onProgress: (done, total) => progress.update({ stage: 'drafting', done, total }),
    }).finally(() => progress.clear());
    const { done = 0, failed = 0, label } = (await getDraftJob(job.id)) ?? {};
    const text = `${set.name}: ${done} drafted, ${failed} failed. Review them in the workbench: filter "Drafted".`;
    print(flags, { job: job.id, engine: label, done, failed }, text);
    if (failed > 0) {
      process.exitCode = 1;
    }
  });
}
