import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { PartInfo } from '@/lib/parts/contract';
import { expandFolders } from '../expand-folders';
import { withOwner } from '../local-owner';
import { number } from '../option-values';
import { ProgressLine } from '../progress';
import { UsageError } from '../usage-error';

type Json = { json?: true };
type AddFlags = Json & {
  number?: string;
  revision?: string;
  material?: string;
  notes?: string;
  pxPerMm?: number;
  view?: string;
  defect?: string;
  threshold?: string;
};

/** `looktwice part`: the same parts that the workbench shows (LOOKTWICE_DATA). */
export function registerPart(program: Command): void {
  const part = program.command('part').description('teach parts: images of what they look like when they are good');
  const json = ['--json', 'print JSON'] as const;
  part
    .command('add')
    .description('make a part, or add samples to it')
    .argument('<name>', 'name of the part')
    .argument('[images...]', 'images that show it good, or folders of them')
    .option('--defect <TYPE>', 'the images show this defect instead')
    .option('--view <VIEW>', 'which view of the part they show')
    .option('--number <NUMBER>', 'part number')
    .option('--revision <REVISION>', 'revision of the drawing')
    .option('--material <MATERIAL>', 'material')
    .option('--notes <TEXT>', 'what matters, which variation is allowed')
    .option('--px-per-mm <N>', 'pixels of a sample per millimetre', number(1e-6, 1e6))
    .option('--threshold <SCORE>', 'score from which it is anomalous, 0 to 1; "auto": what the samples suggest')
    .option(...json)
    .action(add);
  part
    .command('list')
    .description('list the parts')
    .option(...json)
    .action(list);
  part
    .command('show')
    .description('show a part: its samples, threshold, and what is expected of it')
    .argument('<name>', 'name or id')
    .option(...json)
    .action(show);
  part
    .command('remove')
    .description('delete a part, or take samples of it away')
    .argument('<name>', 'name or id')
    .argument('[images...]', 'names of samples, as `part show` lists them')
    .option(...json)
    .action(remove);
  part
    .command('export')
    .description('write a part with its samples as a folder, which is also a data set')
    .argument('<name>', 'name or id')
    .requiredOption('--out <FOLDER>', 'a new folder')
    .option(...json)
    .action(exportPart);
  part
    .command('import')
    .description('read a part that `part export` wrote')
    .argument('<folder>', 'the folder')
    .option('--name <NAME>', 'another name')
    .option(...json)
    .action(importPart);
}

function print(flags: Json, value: object, text: string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

const describe = ({ id, name, number, golden, defects, bank, threshold }: PartInfo): string =>
  [
    `${id}  ${name}${number === null ? '' : ` (${number})`}: ${golden} good samples, ${defects} known defects, `,
    `${bank}, ${threshold === null ? 'no threshold yet' : `threshold ${threshold.toFixed(3)}`}`,
  ].join('');

function thresholdOf(text: string | undefined): { threshold?: number | null } {
  if (text === undefined) {
    return {};
  }
  return { threshold: text === 'auto' ? null : number(0, 1)(text) };
}

/** Receives image files as the local user's. */
async function receive(owner: { userId: string }, paths: readonly string[]): Promise<string[]> {
  const { receiveImage } = await import('@/lib/images/receive-image');
  const { imageChecker } = await import('@/lib/vision/checker/pool');
  const ids: string[] = [];
  const progress = new ProgressLine(process.stderr, 'part');
  try {
    for (const [index, path] of paths.entries()) {
      progress.update({ stage: 'importing', done: index, total: paths.length });
      if ((await stat(path).catch(() => undefined))?.isFile() !== true) {
        throw new UsageError(`${path} is no image file: give image files, or folders of them.`);
      }
      ids.push((await receiveImage(owner, createReadStream(path), basename(path))).id);
    }
  } finally {
    progress.clear();
    imageChecker().close();
  }
  return ids;
}

/** Reads the samples of a part now, so that the next command finds them ready. */
async function prepare(id: string): Promise<void> {
  const { ensureBank } = await import('@/lib/parts/bank');
  await ensureBank(id);
}

async function add(name: string, named: string[], flags: AddFlags): Promise<void> {
  const { threshold } = thresholdOf(flags.threshold);
  const files = await expandFolders(named);
  await withOwner(async (owner) => {
    const { findPartByName } = await import('@/lib/database/parts');
    const { addSamples, editPart, newPart } = await import('@/lib/parts/manage');
    const { readPartDetail } = await import('@/lib/parts/describe');
    const found = await findPartByName(owner, name);
    const imageIds = await receive(owner, files);
    const { number: partNumber, revision, material, notes, pxPerMm } = flags;
    const fields = {
      ...(partNumber !== undefined && { number: partNumber }),
      ...(revision !== undefined && { revision }),
      ...(material !== undefined && { material }),
      ...(notes !== undefined && { notes }),
      ...(pxPerMm !== undefined && { pxPerMm }),
      ...(threshold !== undefined && { threshold }),
    };
    const { id, version } = found ?? (await newPart(owner, { name, goldenIds: [] }));
    if (Object.keys(fields).length > 0) {
      await editPart(owner, id, { version, ...fields });
    }
    if (imageIds.length > 0) {
      const kind = flags.defect === undefined ? ('golden' as const) : ('defect' as const);
      const sample = { kind, view: flags.view ?? null, defectType: flags.defect ?? null, bbox: null };
      await addSamples(owner, id, { samples: imageIds.map((imageId) => ({ imageId, ...sample })) });
      await prepare(id);
    }
    const detail = await readPartDetail(owner, id);
    print(flags, detail, describe(detail));
  });
}

async function list(flags: Json): Promise<void> {
  await withOwner(async (owner) => {
    const { readParts } = await import('@/lib/parts/describe');
    const parts = await readParts(owner);
    print(
      flags,
      parts,
      parts.length > 0 ? parts.map(describe).join('\n') : 'There is no part yet: looktwice part add NAME IMAGE...',
    );
  });
}

async function show(name: string, flags: Json): Promise<void> {
  await withOwner(async (owner) => {
    const { requirePartNamed } = await import('@/lib/parts/manage');
    const { readPartDetail } = await import('@/lib/parts/describe');
    const detail = await readPartDetail(owner, (await requirePartNamed(owner, name)).id);
    const share = (value: number | null) => (value === null ? '-' : `${(100 * value).toFixed(1)} %`);
    const { current } = detail.outlook;
    const lines = [
      describe(detail),
      ...(detail.notes === '' ? [] : [`  ${detail.notes}`]),
      `  expected: ${share(current.falseAlarms)} false alarms, ${share(current.misses)} misses`,
      ...detail.samples.map(
        ({ name: file, kind, defectType, score }) =>
          `  ${kind === 'golden' ? 'good' : `defect (${defectType ?? 'no type'})`}  ${score?.toFixed(3) ?? '  -  '}  ${file}`,
      ),
    ];
    print(flags, detail, lines.join('\n'));
  });
}

async function remove(name: string, images: string[], flags: Json): Promise<void> {
  await withOwner(async (owner) => {
    const { deletePart, dropSample, requirePartNamed } = await import('@/lib/parts/manage');
    const { readPartDetail } = await import('@/lib/parts/describe');
    const { id } = await requirePartNamed(owner, name);
    if (images.length === 0) {
      await deletePart(owner, id, {});
      print(flags, { removed: id }, `Deleted the part ${name}`);
      return;
    }
    const { samples } = await readPartDetail(owner, id);
    const chosen = images.map((image) => {
      const found = samples.find((sample) => sample.name === image || sample.imageId === image);
      if (found === undefined) {
        throw new UsageError(`The part has no sample ${image}: \`looktwice part show\` lists them.`);
      }
      return found.imageId;
    });
    for (const imageId of chosen) {
      await dropSample(owner, id, imageId);
    }
    await prepare(id);
    print(flags, await readPartDetail(owner, id), `Took ${chosen.length} samples away`);
  });
}

async function exportPart(name: string, flags: Json & { out: string }): Promise<void> {
  await withOwner(async (owner) => {
    const { requirePartNamed } = await import('@/lib/parts/manage');
    const { writePartFolder } = await import('@/lib/parts/folder');
    const { id } = await requirePartNamed(owner, name);
    const out = resolve(flags.out);
    const files = await writePartFolder(owner, id, out);
    print(flags, { out, files }, `Wrote ${files} files below ${out}`);
  });
}

async function importPart(folder: string, flags: Json & { name?: string }): Promise<void> {
  await withOwner(async (owner) => {
    const { readPartFolder } = await import('@/lib/parts/folder');
    const { addSamples, editPart, newPart } = await import('@/lib/parts/manage');
    const { readPartDetail } = await import('@/lib/parts/describe');
    const { samples, pxPerMm, area, threshold, ...fields } = await readPartFolder(resolve(folder));
    const imageIds = await receive(
      owner,
      samples.map(({ path }) => path),
    );
    const { adoptWindow } = await import('@/lib/images/image-values');
    for (const [index, { window, path }] of samples.entries()) {
      if (window !== null && !(await adoptWindow(owner, imageIds[index] ?? '', window))) {
        process.stderr.write(`${basename(path)}: is there already with other values, which stay.\n`);
      }
    }
    const { id, version } = await newPart(owner, { ...fields, ...(flags.name && { name: flags.name }), goldenIds: [] });
    await editPart(owner, id, { version, pxPerMm, area, threshold });
    if (samples.length > 0) {
      await addSamples(owner, id, {
        samples: samples.map(({ path: _path, window: _window, ...sample }, index) => ({
          imageId: imageIds[index] ?? '',
          ...sample,
        })),
      });
      await prepare(id);
    }
    const detail = await readPartDetail(owner, id);
    print(flags, detail, describe(detail));
  });
}
