import { bboxSchema } from '@/lib/contract/parts';
import { listCorrections, type PartCorrectionRow } from '@/lib/database/part-corrections';
import { listParts, readPart, type PartRow, type PartSampleRow } from '@/lib/database/parts';
import type { Owner } from '@/lib/database/owner';
import { getEngine } from '@/lib/engine/worker/client';
import { notFound } from '@/lib/http/app-error';
import { areaOf, findBank, hasBank } from './bank';
import type { CorrectionInfo, PartDetail, PartInfo, SampleInfo } from './contract';
import { current, outlookCurve, suggested } from './known-scores';
import { requirePart } from './manage';

type PartWithSamples = PartRow & { samples: PartSampleRow[] };

/** What banks are built with; undefined while the model is not loaded. */
const bankVersion = () => getEngine().status().info?.banks;

async function toInfo(owner: Owner, part: PartWithSamples): Promise<PartInfo> {
  const { id, name, number, revision, material, shared, ownerId, threshold, version, updatedAt, samples } = part;
  const golden = samples.filter(({ kind }) => kind === 'golden');
  const banks = bankVersion();
  const isReady = banks === undefined ? await hasBank(part) : (await findBank(part, banks))?.isCurrent === true;
  return {
    ...{ id, name, number, revision, material, shared, version },
    own: ownerId === owner.userId,
    golden: golden.length,
    defects: samples.length - golden.length,
    imageId: (golden[0] ?? samples[0])?.imageId ?? null,
    bank: golden.length === 0 ? 'empty' : isReady ? 'ready' : 'building',
    threshold: current(part, samples).threshold,
    thresholdSet: threshold !== null,
    updatedAt: updatedAt.toISOString(),
  };
}

function toSample(sample: PartSampleRow): SampleInfo {
  const { id, imageId, kind, view, defectType, bbox, score, createdAt, image } = sample;
  return {
    ...{ id, imageId, kind, view, defectType, score },
    ...{ name: image.name, width: image.width, height: image.height },
    bbox: bbox === null ? null : bboxSchema.parse(bbox),
    createdAt: createdAt.toISOString(),
  };
}

function toCorrection(row: PartCorrectionRow): CorrectionInfo {
  const { id, imageId, kind, sampleKind, defectType, note, thresholdBefore, thresholdAfter } = row;
  return {
    ...{ id, imageId, kind, sampleKind, defectType, note, thresholdBefore, thresholdAfter },
    author: row.author?.name ?? null,
    createdAt: row.createdAt.toISOString(),
    undoneAt: row.undoneAt?.toISOString() ?? null,
    undoneBy: row.undoneBy?.name ?? null,
  };
}

/** The parts that a person may look at, the latest changed first. */
export async function readParts(owner: Owner): Promise<PartInfo[]> {
  return Promise.all((await listParts(owner)).map((part) => toInfo(owner, part)));
}

/** @throws AppError not_found */
export async function readPartDetail(owner: Owner, id: string): Promise<PartDetail> {
  await requirePart(owner, id);
  const part = await readPart(id);
  if (part === null) {
    throw notFound('part');
  }
  return {
    ...(await toInfo(owner, part)),
    ...{ notes: part.notes, pxPerMm: part.pxPerMm, area: areaOf(part) },
    samples: part.samples.map(toSample),
    corrections: (await listCorrections(id)).map(toCorrection),
    outlook: {
      current: current(part, part.samples),
      suggested: suggested(part.samples),
      curve: outlookCurve(part.samples),
    },
  };
}
