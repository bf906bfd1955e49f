import { getEngine } from '@/lib/engine/worker/client';
import type { Command } from 'commander';
import { limits } from '@/lib/contract/limits';
import { unsureText } from '@/lib/contract/verdict';
import { describeSheet } from '@/lib/contract/sheet-text';
import { messageOf } from '@/lib/common/message-of';
import { judgeTogether } from '@/lib/engine/worker/judge-together';
import type { Inspection } from '@/lib/turn/perception';
import { interruptSignal } from '../engine';
import { askedPart } from '../asked-part';
import { collect, PAGE_OPTION, WINDOW_OPTION } from '../option-values';
import { expandFolders } from '../expand-folders';
import { checkWritable, writeResult } from '../output-file';
import { ProgressLine } from '../progress';
import { UsageError } from '../usage-error';

type InspectFlags = {
  reference: string[];
  part?: string;
  together?: boolean;
  heatmap?: string;
  page?: number;
  values?: { low: number; high: number };
};

const round = (value: number) => Math.round(value * 1e4) / 1e4;

/** `looktwice inspect`: one line of JSON per image. */
export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('score images and find their defects; prints one line of JSON per image')
    .argument('<images...>', 'image files, or folders of them')
    .option('-r, --reference <NORMAL>', 'a normal image to compare with (repeat for more)', collect, [])
    .option('--part <NAME>', 'compare with the good samples of this part (looktwice part list)')
    .option('--together', `judge ${limits.set} or more images of one kind among each other, without references`)
    .option('--heatmap <OUT.png>', 'write the anomaly map of the one image there (8-bit grey, 255 = 1.0)')
    .option(...PAGE_OPTION)
    .option(...WINDOW_OPTION)
    .option('--json', 'JSON lines, which is also what is printed without it')
    .action(inspectFiles);
}

async function inspectFiles(named: string[], flags: InspectFlags): Promise<void> {
  const { reference, part, heatmap, page, values: window } = flags;
  const images = await expandFolders(named);
  if (heatmap !== undefined && images.length > 1) {
    throw new UsageError(`--heatmap takes the map of one image, but ${images.length} were given.`);
  }
  if (part !== undefined && reference.length > 0) {
    throw new UsageError('--part and --reference say two things to compare with: give one of them.');
  }
  if (flags.together === true) {
    await inspectTogether(images, flags);
    return;
  }
  await checkWritable('--heatmap', heatmap);
  const parts = await askedPart(part);
  const engine = getEngine();
  const signal = interruptSignal();
  for (const path of images) {
    const progress = new ProgressLine(process.stderr, path);
    try {
      const references = reference.map((file) => ({ path: file, window }));
      const inspection = await engine.inspect(
        { image: { path, page, window }, references, parts },
        { key: 'cli', signal, onEvent: (event) => progress.update(event) },
      );
      progress.clear();
      process.stdout.write(`${JSON.stringify(toLine(path, inspection))}\n`);
      if (heatmap !== undefined) {
        await writeResult(heatmap, inspection.heatmap);
      }
    } catch (error) {
      progress.clear();
      if (signal.aborted || images.length === 1) {
        throw error;
      }
      // One bad image does not keep the others from being inspected.
      process.stderr.write(`looktwice: ${messageOf(error)}\n`);
      process.exitCode = 1;
    }
  }
}

/** Judges the images among each other; one line per image, in their order, and what they come to on stderr. */
async function inspectTogether(
  images: string[],
  { reference, part, heatmap, page, values }: InspectFlags,
): Promise<void> {
  if (reference.length > 0 || part !== undefined || heatmap !== undefined) {
    throw new UsageError(
      '--together compares the images with each other: leave out --reference, --part and --heatmap.',
    );
  }
  if (images.length < limits.set) {
    throw new UsageError(`--together needs at least ${limits.set} images, but ${images.length} were given.`);
  }
  const progress = new ProgressLine(process.stderr, 'set');
  const asked = images.map((path) => ({ key: path, image: { path, page, window: values } }));
  const judged = await judgeTogether(getEngine(), asked, {
    ...{ key: 'cli', signal: interruptSignal() },
    onProgress: ({ stage, done, total }) => progress.update({ stage, done, total }),
  }).finally(() => progress.clear());
  for (const found of judged) {
    if ('error' in found) {
      process.stderr.write(`looktwice: ${found.error}\n`);
      process.exitCode = 1;
    } else {
      process.stdout.write(`${JSON.stringify(toLine(found.key, found.inspection))}\n`);
    }
  }
  const items = judged.flatMap((found) => ('error' in found ? [] : [found.inspection]));
  process.stderr.write(`${describeSheet({ items, failed: judged.filter((found) => 'error' in found) })}\n`);
}

/**
 * The fields that scripts rely on (FIXED): image, score, bucket, verdict and what goes with it, regions, timings,
 * bundle.
 */
function toLine(image: string, inspection: Inspection) {
  const { width, height, score, bucket, regions, types, tiles, referenceCount, notes, range, bundle, timings, parts } =
    inspection;
  const { verdict, probability, foreignness, basis } = inspection;
  return {
    image,
    width,
    height,
    score: round(score),
    bucket,
    verdict,
    probability: round(probability),
    foreignness: foreignness === null ? null : round(foreignness),
    basis,
    notice: verdict === 'unsure' ? unsureText(inspection) : null,
    regions: regions.map(({ bbox, areaPx, score: regionScore, rle }) => ({
      bbox,
      areaPx,
      score: round(regionScore),
      rle,
    })),
    types: types.slice(0, 3).map(({ type, probability }) => ({ type, probability: round(probability) })),
    tiles: { columns: tiles.columns, rows: tiles.rows },
    references: referenceCount,
    ...(parts?.part && { part: parts.part }),
    ...(notes.length > 0 && { notes }),
    ...(range !== null && { range }),
    timings: Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, Math.round(ms)])),
    bundle,
  };
}
