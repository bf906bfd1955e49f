import { newId } from '@/lib/contract/ids';
import type { Owner } from '@/lib/database/owner';
import { addCorrection, undoCorrection } from '@/lib/database/part-corrections';
import { MAX_SAMPLES, TooManySamplesError, readPart, type PartRow, type PartSampleRow } from '@/lib/database/parts';
import { AppError, notFound } from '@/lib/http/app-error';
import type { z } from 'zod';
import { prepareBank } from './bank';
import type { CorrectionPreview, SampleKind, correctionSchema, previewCorrectionSchema } from './contract';
import { current } from './known-scores';
import { requireGivable, requirePart } from './manage';

type Asked = z.output<typeof previewCorrectionSchema>;

/** What the image becomes. @throws AppError invalid_request for a verdict that cannot be corrected so */
function becomes({ kind, verdict }: Pick<Asked, 'kind' | 'verdict'>): SampleKind {
  switch (kind) {
    case 'fine':
      return 'golden';
    case 'missed':
      return 'defect';
    case 'right':
      if (verdict === 'unsure') {
        throw new AppError('invalid_request', 'An unsure verdict is neither right nor wrong: say “fine” or “missed”');
      }
      return verdict === 'anomalous' ? 'defect' : 'golden';
  }
}

/** The part's samples as the correction leaves them. */
function withSample(
  samples: readonly PartSampleRow[],
  asked: Asked,
  kind: SampleKind,
): Pick<PartSampleRow, 'kind' | 'score' | 'scoreKey'>[] {
  const { imageId, score } = asked;
  return [...samples.filter((sample) => sample.imageId !== imageId), { kind, score, scoreKey: null }];
}

async function look(
  owner: Owner,
  id: string,
  asked: Asked,
): Promise<{ part: PartRow & { samples: PartSampleRow[] }; preview: CorrectionPreview }> {
  await requirePart(owner, id);
  const part = await readPart(id);
  if (part === null) {
    throw notFound('part');
  }
  await requireGivable(owner, [asked.imageId], id);
  const sampleKind = becomes(asked);
  const preview = {
    before: current(part, part.samples),
    after: current(part, withSample(part.samples, asked, sampleKind)),
    sampleKind,
  };
  return { part, preview };
}

/**
 * What a correction would do to the part's threshold, and what is expected of it before and after. Nothing is stored.
 * @throws AppError not_found, forbidden for another's image, invalid_request
 */
export async function previewCorrection(owner: Owner, id: string, asked: Asked): Promise<CorrectionPreview> {
  return (await look(owner, id, asked)).preview;
}

/**
 * Stores what a person said of a verdict: the image becomes a good sample or a known defect of the part, and where the
 * threshold follows the samples it moves. It is on disk when this resolves; the bank follows in the background.
 * @throws AppError not_found, forbidden for another's image, invalid_request, conflict when the part is full
 */
export async function correct(
  owner: Owner,
  id: string,
  { id: correctionId, note, ...asked }: z.output<typeof correctionSchema>,
): Promise<CorrectionPreview> {
  const { preview } = await look(owner, id, asked);
  const { imageId, kind, view, defectType, bbox, score } = asked;
  const isDefect = preview.sampleKind === 'defect';
  try {
    await addCorrection(owner, {
      ...{ id: correctionId, partId: id, imageId, kind, note },
      ...{ thresholdBefore: preview.before.threshold, thresholdAfter: preview.after.threshold },
      sample: {
        ...{ id: newId(), imageId, kind: preview.sampleKind, view, score },
        defectType: isDefect ? defectType : null,
        bbox: isDefect ? bbox : null,
      },
    });
  } catch (error) {
    if (error instanceof TooManySamplesError) {
      const most = `${MAX_SAMPLES} good samples and ${MAX_SAMPLES} defects`;
      throw new AppError('conflict', `A part has at most ${most}: remove some first`);
    }
    throw error;
  }
  prepareBank(id);
  return preview;
}

/**
 * Takes a correction back. @throws AppError not_found, conflict when it was taken back or the image was corrected again
 * since
 */
export async function takeBack(owner: Owner, id: string, correctionId: string): Promise<void> {
  switch (await undoCorrection(owner, id, correctionId)) {
    case 'not_found':
      throw notFound('correction of this part');
    case 'undone':
      throw new AppError('conflict', 'This correction was taken back already');
    case 'later':
      throw new AppError('conflict', 'The same image was corrected again since: take that back first');
    case 'done':
      prepareBank(id);
  }
}
