import { z } from 'zod';
import { rleSchema } from '@/lib/contract/parts';
import { eachItem, type FullItem } from '@/lib/database/dataset-items';
import { exchangeSchema, partSchema } from '../contract';
import { toJudgement } from '../items';
import type { ExportItem } from './types';

const ACCEPTED = ['accepted', 'relabelled'] as const;

/**
 * A set's items in the order of their paths; with `accepted` only those whose decision says that their annotation is
 * right.
 */
export async function* gatherItems(datasetId: string, { accepted }: { accepted: boolean }): AsyncGenerator<ExportItem> {
  for await (const item of eachItem(datasetId, accepted ? { verdicts: ACCEPTED } : {})) {
    yield toExportItem(item);
  }
}

function toExportItem(item: FullItem): ExportItem {
  const { label, category, split, defectType, description, impact, suggestion, mask } = item;
  const rle = mask === null ? null : rleSchema.parse(mask.rle);
  const stored = mask === null || mask.parts === null ? [] : z.array(partSchema).parse(mask.parts);
  const whole = () => {
    const bbox = z.tuple([z.number(), z.number(), z.number(), z.number()]).parse(mask?.bbox);
    return [{ label: defectType ?? 'anomaly', shape: 'mask' as const, bbox, counts: rle?.counts ?? [] }];
  };
  return {
    id: item.id,
    path: item.path,
    sha256: item.image.sha256,
    width: item.image.width,
    height: item.image.height,
    fields: {
      label,
      category,
      split,
      defectType,
      description,
      impact,
      suggestion,
      exchanges: item.exchanges === null ? [] : z.array(exchangeSchema).parse(item.exchanges),
    },
    // An item whose last decision was undone is not decided.
    verdict: item.verdict === 'undone' ? null : item.verdict,
    score: item.score,
    disagreement: item.disagreement,
    judgement: toJudgement(item.judgement),
    parts: rle === null ? [] : stored.length > 0 ? stored : whole(),
    mask: rle,
  };
}
