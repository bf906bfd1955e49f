import type { TurnEvent } from '@/lib/turn/types';
import type { Extension, JsonAnswer } from './contract';
import type { Remembered } from './context-memory';

type Known = Pick<Remembered, 'seen' | 'findings'>;

/**
 * The part of the answer's extension field that an event brings; null for text, progress and what the door does not
 * tell.
 */
export function extensionOf(event: TurnEvent, positionOf: (imageId: string) => number): Extension | null {
  switch (event.type) {
    case 'inspection': {
      const { sha256, width, height, score, bucket, regions, ...judged } = event.inspection;
      const { verdict, probability, foreignness, basis } = judged;
      return {
        inspections: [
          {
            image: positionOf(event.imageId),
            ...{ sha256, width, height, score, bucket, verdict, probability, foreignness, basis },
            regions: regions.map(({ id, bbox, areaPx, score: own, place }) => ({
              ...{ id, bbox, place },
              area_px: areaPx,
              score: own,
            })),
          },
        ],
      };
    }
    case 'mask': {
      const { imageId, rle, bbox, areaFraction, label, score } = event;
      return { masks: [{ image: positionOf(imageId), rle, bbox, area_fraction: areaFraction, label, score }] };
    }
    case 'findings':
      return {
        findings: event.items.map(({ type, place, severity, extentPercent, areaPx, bbox, score }) => ({
          image: positionOf(event.imageId),
          ...{ type, place, severity, bbox, score },
          extent_percent: extentPercent,
          area_px: areaPx,
        })),
      };
    case 'notice': {
      const { kind, text, action } = event;
      return { notices: [{ image: positionOf(event.imageId), kind, text, action }] };
    }
    case 'sources':
      return { sources: event.sources.map(({ kind, id, title }) => ({ kind, id, title })) };
    case 'checklist': {
      const { type: _type, ...checklist } = event;
      return { checklists: [checklist] };
    }
    case 'followups':
      return { followups: event.followups };
    case 'timings':
      return { timings: event.timings };
    default:
      return null;
  }
}

/** Both together: lists are joined, the rest is the later one's. */
export function mergeExtensions(before: Extension, next: Extension): Extension {
  const joined: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(next)) {
    const old = joined[name];
    joined[name] =
      Array.isArray(old) && Array.isArray(value) ? [...(old as unknown[]), ...(value as unknown[])] : value;
  }
  return joined;
}

/** The answer as one JSON value; what is known from earlier turns counts where this one looked at nothing. */
export function jsonAnswer(text: string, extension: Extension, known: Known | null): JsonAnswer {
  const seen = extension.inspections ?? known?.seen ?? [];
  const worst = [...seen].sort((a, b) => b.score - a.score)[0];
  return {
    verdict: worst?.verdict ?? 'unknown',
    is_anomalous: worst === undefined || worst.verdict === 'unsure' ? null : worst.verdict === 'anomalous',
    probability: worst?.probability ?? null,
    score: worst?.score ?? null,
    bucket: worst?.bucket ?? null,
    answer: text,
    findings: extension.findings ?? (extension.inspections === undefined ? (known?.findings ?? []) : []),
  };
}
